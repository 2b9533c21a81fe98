import { NotYet } from '@simplebank/chassis/consumer';
import type { Cause } from '@simplebank/contracts/event';
import { zero } from '@simplebank/kernel/decimal';
import type { OrderId } from '@simplebank/kernel/ids';
import { replayPositions } from '../actions/commands/replay-positions.ts';
import { insertExecutions, insertMissingShares } from '../data/executions.ts';
import { ensurePositions, lockPositions } from '../data/positions.ts';
import { lockReservations, saveReservations } from '../data/reservations.ts';
import type { Deps, Tx } from '../deps.ts';
import { byMoment, type Execution } from '../domain/execution.ts';
import { openLot, type Sale } from '../domain/lot.ts';
import { keyOf, type Position } from '../domain/position.ts';
import { admitSale, type Reservation } from '../domain/reservation.ts';
import { cutSale, type Missing } from '../domain/sale.ts';
import { releaseEnded } from './end-reservations.ts';
import { matchLots, type PositionNews } from './match-lots.ts';
import { outdatedBy } from './outdated.ts';
import { saveChanges } from './save-changes.ts';

export type Filled = { readonly execution: Execution; readonly cause: Cause };

/**
 * Books executions, each once: a buy opens a lot, a sale consumes its reservation and takes lots.
 * What was executed before a split or a dividend and comes after it is booked by replaying its
 * position. Throws NotYet for a sale whose shares are not here yet: they come with the fills of
 * other orders.
 */
export async function bookExecutions(tx: Tx, deps: Deps, filled: readonly Filled[]): Promise<void> {
  const executions = await insertExecutions(
    tx,
    filled.map(({ execution }) => execution),
  );
  if (executions.length === 0) return;

  await ensurePositions(tx, executions, deps.clock.now());
  const positions = await lockPositions(tx, executions);
  const { actions, outdated } = await outdatedBy(tx, [...positions.values()], executions);
  const causes = new Map(filled.map(({ execution, cause }) => [keyOf(execution), cause]));
  const those = (wanted: boolean) => ({
    positions: new Map([...positions].filter(([key]) => outdated.has(key) === wanted)),
    arrived: executions.filter((execution) => outdated.has(keyOf(execution)) === wanted),
    causes,
  });
  await bookInOrder(tx, deps, those(false));
  await replayPositions(tx, deps, { ...those(true), actions });
}

type Arrived = {
  readonly positions: ReadonlyMap<string, Position>;
  readonly arrived: readonly Execution[];
  readonly causes: ReadonlyMap<string, Cause>;
};

async function bookInOrder(tx: Tx, deps: Deps, { positions: before, arrived, causes }: Arrived) {
  if (arrived.length === 0) return;
  const now = deps.clock.now();
  const sales = arrived.filter(({ side }) => side === 'SELL').sort(byExecutionMoment);
  const reservations = await lockReservations(tx, [
    ...new Set(sales.map(({ orderId }) => orderId)),
  ]);

  const after = new Map(before);
  const news = newsOf(deps, arrived, after);
  const missing = admitSales(sales, { positions: after, reservations, news });
  await releaseEnded(tx, after, reservations);
  await matchLots(tx, deps, { positions: after, news: [...news.values()] });

  await saveReservations(tx, [...reservations.values()], now);
  await insertMissingShares(tx, missing, now);
  if (missing.length > 0) {
    const orderIds = missing.map(({ execution }) => execution.orderId);
    deps.log.error({ error_code: 'SHARES_MISSING', order_ids: orderIds }, 'late sales lack shares');
  }
  await saveChanges(tx, deps, { before, after, causes });
}

const byExecutionMoment = (a: Execution, b: Execution): number =>
  byMoment(
    { at: a.executedAt, executionId: a.executionId },
    { at: b.executedAt, executionId: b.executionId },
  );

type News = Map<string, PositionNews>;

/** What each position gets; its quantity grows by its buys at once: sales find the shares. */
function newsOf(deps: Deps, executions: readonly Execution[], positions: Map<string, Position>) {
  const news: News = new Map();
  for (const execution of executions) {
    const key = keyOf(execution);
    const position = positions.get(key);
    if (!position) throw new Error(`position ${key} was not made`);
    const { accountId, assetId } = position;
    const known = news.get(key) ?? { accountId, assetId, lots: [], sales: [] };
    const isBuy = execution.side === 'BUY';
    const lots = isBuy ? [...known.lots, openLot(execution, deps.newId())] : known.lots;
    const quantity = position.quantity.plus(isBuy ? execution.quantity : zero);
    positions.set(key, { ...position, quantity });
    news.set(key, { ...known, lots });
  }
  return news;
}

type Books = {
  readonly positions: Map<string, Position>;
  readonly reservations: Map<OrderId, Reservation>;
  readonly news: News;
};

/** Takes the shares of each sale, changing the maps; answers what the customers did not have. */
function admitSales(sales: readonly Execution[], books: Books): Missing[] {
  const { positions, reservations, news } = books;
  const lacking: Missing[] = [];
  for (const execution of sales) {
    const key = keyOf(execution);
    const position = positions.get(key);
    const reservation = reservations.get(execution.orderId) ?? null;
    if (!position) throw new Error(`position ${key} was not made`);
    const admitted = admitSale(position, reservation, execution);
    if (!admitted) throw new NotYet(`the shares of order ${execution.orderId} are not here yet`);

    positions.set(key, admitted.position);
    if (admitted.reservation) reservations.set(execution.orderId, admitted.reservation);
    const { sale, missing } = cutSale(execution, admitted);
    if (missing) lacking.push(missing);
    if (sale) addSale(news, key, sale);
  }
  return lacking;
}

function addSale(news: News, key: string, sale: Sale): void {
  const known = news.get(key);
  if (known) news.set(key, { ...known, sales: [...known.sales, sale] });
}
