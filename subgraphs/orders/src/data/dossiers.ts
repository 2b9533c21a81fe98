import { Decimal } from '@simplebank/kernel/decimal';
import type { Dossier, Waiting } from '../domain/decide.ts';
import type { DayTotal } from '../domain/fees.ts';
import { isEnd, type Message } from '../domain/message.ts';
import type { Rebased } from '../domain/split.ts';
import type { Prisma, Transaction } from './client.ts';
import { dateOf, decimalOf, grouped, type OrderRow, orderColumns, toOrder } from './order-rows.ts';
import { findRebased } from './rebased.ts';

export type Wanted = {
  readonly orderIds: readonly string[];
  /** Executions that are told now; which of them are known already is part of the answer. */
  readonly executionIds: readonly string[];
  /** An end of an order is told: it counts what went past the order, too. */
  readonly isAnyEnd: boolean;
  /** A split is told: what was traded before it is part of the answer. */
  readonly isAnySplit: boolean;
};

/**
 * Locks the orders in key order and gathers what decisions about them need. Unknown ids are left
 * out.
 */
export async function lockDossiers(
  tx: Transaction,
  { orderIds, executionIds, isAnyEnd, isAnySplit }: Wanted,
): Promise<Map<string, Dossier>> {
  const ids = [...new Set(orderIds)];
  const rows = await tx.$queryRaw<OrderRow[]>`
    /* orders.lock */ SELECT ${orderColumns} FROM "order" o
    WHERE o.id = ANY(${ids}::uuid[]) ORDER BY o.id FOR UPDATE`;
  const waiting = await findWaiting(tx, ids);
  const early = [...waiting.values()].flat();
  const isAskedFor = isAnyEnd || early.some(({ message }) => isEnd(message));
  const overfills = isAskedFor ? await findOverfills(tx, ids) : new Map<string, Set<string>>();
  const told = [...executionIds, ...early.flatMap(executionIdOf)];
  const isSplit = rows.flatMap(({ id, rebasings }) => (rebasings > 0 ? [id] : []));
  const rebased = isSplit.length > 0 ? await findRebased(tx, isSplit) : new Map<string, Rebased>();
  const isTraded = told.length > 0 || isAnySplit || isSplit.length > 0;
  const traded = isTraded ? await findTraded(tx, ids, told) : new Map<string, Traded>();
  return new Map(
    rows.map((row) => {
      const { days, known } = traded.get(row.id) ?? { days: [], known: [] };
      const knownExecutions = new Set(known);
      const gathered = {
        ...{ order: toOrder(row), days, knownExecutions },
        rebased: rebased.get(row.id) ?? null,
        overfills: overfills.get(row.id) ?? new Set(),
        waiting: waiting.get(row.id) ?? [],
      };
      return [row.id, gathered];
    }),
  );
}

const executionIdOf = ({ message }: Waiting): string[] =>
  message.event === 'EXECUTED' ? [message.executionId] : [];

type Traded = { readonly days: readonly DayTotal[]; readonly known: readonly string[] };

type TradedRow = {
  readonly order_id: string;
  readonly trade_date: Date;
  readonly quantity: Prisma.Decimal;
  readonly gross: Prisma.Decimal;
  readonly known: string[] | null;
};

/** One row per order and trade date, however many executions an order has had. */
async function findTraded(
  tx: Transaction,
  orderIds: readonly string[],
  executionIds: readonly string[],
): Promise<Map<string, Traded>> {
  const rows = await tx.$queryRaw<TradedRow[]>`
    /* orders.day-totals */ SELECT order_id, trade_date, sum(quantity) AS quantity,
      sum(quantity * price) AS gross,
      array_agg(execution_id) FILTER (WHERE execution_id = ANY(${[...executionIds]}::text[]))
        AS known
    FROM order_event
    WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND execution_id IS NOT NULL
    GROUP BY order_id, trade_date`;
  const byOrder = new Map<string, Traded>();
  for (const row of rows) {
    const { days, known } = byOrder.get(row.order_id) ?? { days: [], known: [] };
    const day = {
      tradeDate: dateOf(row.trade_date),
      quantity: decimalOf(row.quantity),
      gross: decimalOf(row.gross),
    };
    byOrder.set(row.order_id, { days: [...days, day], known: [...known, ...(row.known ?? [])] });
  }
  return byOrder;
}

/** Asked after the orders are locked, so that nobody adds to them. */
async function findOverfills(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = await tx.$queryRaw<{ orderId: string; executionId: string }[]>`
    /* orders.overfills */ SELECT order_id AS "orderId", detail ->> 'executionId' AS "executionId"
    FROM order_exception WHERE order_id = ANY(${[...orderIds]}::uuid[]) AND reason = 'OVERFILL'`;
  const byOrder = grouped(rows, ({ orderId }) => orderId);
  return new Map(
    [...byOrder].map(([orderId, group]) => [
      orderId,
      new Set(group.map(({ executionId }) => executionId)),
    ]),
  );
}

async function findWaiting(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, Waiting[]>> {
  const rows = await tx.waitingMessage.findMany({
    where: { orderId: { in: [...orderIds] } },
    orderBy: { position: 'asc' },
  });
  const byOrder = grouped(rows, ({ orderId }) => orderId);
  return new Map([...byOrder].map(([orderId, group]) => [orderId, group.map(toWaiting)]));
}

const toWaiting = ({ causeId, message }: Prisma.WaitingMessageGetPayload<null>): Waiting => ({
  causeId,
  message: toMessage(message as StoredMessage),
});

/** JSON holds decimals and instants as text. */
type StoredMessage =
  | Exclude<Message, { event: 'EXECUTED' }>
  | (Record<'executionId' | 'quantity' | 'price' | 'executedAt', string> & { event: 'EXECUTED' });

function toMessage(stored: StoredMessage): Message {
  if (stored.event !== 'EXECUTED') return stored;
  return {
    event: stored.event,
    executionId: stored.executionId,
    quantity: new Decimal(stored.quantity),
    price: new Decimal(stored.price),
    executedAt: new Date(stored.executedAt),
  };
}

export type WaitingOf = Waiting & { readonly orderId: string };

export async function keepWaiting(tx: Transaction, waiting: readonly WaitingOf[]): Promise<void> {
  if (waiting.length === 0) return;
  const data = waiting.map(({ orderId, causeId, message }) => ({
    orderId,
    causeId,
    message: JSON.parse(JSON.stringify(message)),
  }));
  await tx.waitingMessage.createMany({ data, skipDuplicates: true });
}

export async function dropWaiting(tx: Transaction, causeIds: readonly string[]): Promise<void> {
  if (causeIds.length === 0) return;
  await tx.waitingMessage.deleteMany({ where: { causeId: { in: [...causeIds] } } });
}
