import { Decimal } from '@simplebank/kernel/decimal';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import { isCurrency } from '@simplebank/kernel/money';
import type { Database, Tx } from '../../data/client.ts';
import type { PageQuestion } from '../../domain/page.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Part, PartStatus, SkipReason } from '../domain/part.ts';
import type { StrategyOrder, StrategyOrderStatus } from '../domain/strategy-order.ts';

type Reader = Database | Tx;

const withParts = { parts: { orderBy: { position: 'asc' } } } as const;
type Row = Prisma.StrategyOrderGetPayload<{ include: typeof withParts }>;

function toOrder(row: Row): StrategyOrder {
  const { id, number, strategyId, strategyVersion, accountId, customerId, paymentId } = row;
  const { createdAt, eventVersion, currency } = row;
  if (!isCurrency(currency)) throw new Error(`strategy order ${id} has the currency ${currency}`);
  return {
    ...{ id, number, strategyId, strategyVersion, accountId, customerId, paymentId, currency },
    ...{ createdAt, expiresAt: row.expiresAt, eventVersion },
    status: row.status as StrategyOrderStatus,
    amount: new Decimal(row.amount.toFixed()),
    cash: row.cashAmount && new Decimal(row.cashAmount.toFixed()),
    parts: row.parts.map(toPart),
  };
}

const toPart = ({ assetId, percentage, amount, ...part }: Row['parts'][number]): Part => ({
  assetId,
  percentage: new Decimal(percentage.toFixed()),
  amount: new Decimal(amount.toFixed()),
  status: part.status as PartStatus,
  skipReason: part.skipReason as SkipReason | null,
  code: part.code,
  orderId: part.orderId,
  orderStatus: part.orderStatus,
  orderVersion: part.orderVersion,
});

export async function findOrder(db: Reader, key: IdOrNumber): Promise<StrategyOrder | null> {
  const row = await db.strategyOrder.findUnique({ where: key, include: withParts });
  return row && toOrder(row);
}

/** Answers in the order of `ids`, as DataLoader requires; unknown ids answer null. */
export async function findOrders(
  db: Reader,
  ids: readonly string[],
): Promise<readonly (StrategyOrder | null)[]> {
  const where = { id: { in: [...ids] } };
  const rows = await db.strategyOrder.findMany({ where, include: withParts });
  const byId = new Map(rows.map((row) => [row.id, toOrder(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Newest first; one row more than asked for. */
export async function listOrders(
  db: Reader,
  accountId: string,
  { first, after }: PageQuestion,
): Promise<readonly StrategyOrder[]> {
  const rows = await db.strategyOrder.findMany({
    where: { accountId, ...(after === null ? {} : { number: { lt: after } }) },
    orderBy: { number: 'desc' },
    take: first + 1,
    include: withParts,
  });
  return rows.map(toOrder);
}

/** The order of this key, with the hash of the request that made it. */
export async function findByKey(
  db: Reader,
  customerId: string,
  idempotencyKey: string,
): Promise<{ readonly order: StrategyOrder; readonly requestHash: string } | null> {
  const where = { customerId_idempotencyKey: { customerId, idempotencyKey } };
  const row = await db.strategyOrder.findUnique({ where, include: withParts });
  return row && { order: toOrder(row), requestHash: row.requestHash };
}

export type NewOrder = Omit<
  StrategyOrder,
  'number' | 'parts' | 'cash' | 'strategyVersion' | 'eventVersion'
> & {
  readonly idempotencyKey: string;
  readonly requestHash: string;
};

/** False when its key or its payment is used already. */
export async function insertOrder(tx: Tx, order: NewOrder): Promise<boolean> {
  const data = { ...order, amount: order.amount.toFixed() };
  const inserted = await tx.strategyOrder.createMany({ data: [data], skipDuplicates: true });
  return inserted.count === 1;
}

/** Locks the orders in key order until the end of the transaction. */
export async function lockOrders(
  tx: Tx,
  ids: readonly string[],
): Promise<readonly StrategyOrder[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    /* strategies.lock-orders */
    SELECT id::text FROM strategy_order WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;
  const orders = await findOrders(
    tx,
    rows.map(({ id }) => id),
  );
  return orders.filter((order) => order !== null);
}

/** Ids of the orders that wait for one of these payments. */
export async function waitingFor(
  tx: Tx,
  paymentIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.strategyOrder.findMany({
    where: { paymentId: { in: [...paymentIds] }, status: 'WAITING_FOR_PAYMENT' },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Ids of orders that have waited too long for their payment or their parts; at most `max`. */
export async function overdue(tx: Tx, at: Date, max: number): Promise<readonly string[]> {
  const rows = await tx.strategyOrder.findMany({
    where: { status: { in: ['WAITING_FOR_PAYMENT', 'PLACING'] }, expiresAt: { lte: at } },
    orderBy: { expiresAt: 'asc' },
    take: max,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Saves the state of the order and of its parts, which are written when it is placed. */
export async function saveOrder(tx: Tx, order: StrategyOrder): Promise<void> {
  const { id, status, strategyVersion, cash, eventVersion, expiresAt, parts } = order;
  await tx.strategyOrder.update({
    where: { id },
    data: {
      ...{ status, strategyVersion, cashAmount: cash?.toFixed() ?? null },
      ...{ eventVersion, expiresAt },
    },
  });
  if (parts.length === 0) return;
  const rows = parts.map((part, position) => ({ ...part, position }));
  await tx.$executeRaw`
    /* strategies.save-parts */
    INSERT INTO strategy_order_part (strategy_order_id, asset_id, position, percentage, amount,
      status, skip_reason, code, order_id, order_status, order_version)
    SELECT ${id}::uuid, "assetId", position, percentage, amount, status, "skipReason", code,
      "orderId", "orderStatus", "orderVersion"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input ("assetId" uuid, position int,
      percentage numeric, amount numeric, status text, "skipReason" text, code text,
      "orderId" uuid, "orderStatus" text, "orderVersion" int)
    ON CONFLICT (strategy_order_id, asset_id) DO UPDATE SET status = excluded.status,
      skip_reason = excluded.skip_reason, code = excluded.code, order_id = excluded.order_id,
      order_status = excluded.order_status, order_version = excluded.order_version`;
}
