import { NotYet } from '@simplebank/chassis/consumer';
import type { Cause } from '@simplebank/contracts/event';
import type { OrderId } from '@simplebank/kernel/ids';
import { releaseEnded } from '../../commands/end-reservations.ts';
import { saveChanges } from '../../commands/save-changes.ts';
import { insertMissingShares } from '../../data/executions.ts';
import { findAllLots, saveLots } from '../../data/lots.ts';
import { findAllSales, insertMatches } from '../../data/matches.ts';
import { lockReservationsOf, saveReservations } from '../../data/reservations.ts';
import type { Deps, Tx } from '../../deps.ts';
import type { Execution } from '../../domain/execution.ts';
import { grouped } from '../../domain/grouped.ts';
import { keyOf, type Position, type PositionKey } from '../../domain/position.ts';
import { type Reservation, restOf } from '../../domain/reservation.ts';
import { findOutcomes, replaceLotSplits, saveOutcomes } from '../data/carried-out.ts';
import { findTrades, type KeptTrade } from '../data/histories.ts';
import type { Action } from '../domain/action.ts';
import { type CarriedOut, carryOut, type Dossier, type Lack } from '../domain/carry-out.ts';
import { isWorthTelling } from '../domain/outcome.ts';
import { fitted } from '../domain/rebased-reservation.ts';
import { tradeKey } from '../domain/replay.ts';
import { toldFacts } from '../events/published.ts';

export type Replay = {
  /** Locked. */
  readonly positions: ReadonlyMap<string, Position>;
  /** Of all their assets, in their order. */
  readonly actions: readonly Action[];
  /** Executions that are written down and not booked yet. */
  readonly arrived: readonly Execution[];
  /** What to say when a position changes, by its key. */
  readonly causes: ReadonlyMap<string, Cause>;
};

/**
 * Makes positions what their actions and all their executions make them, by the definition: after
 * an action, and when an execution comes late that was made before one (domain §4.4). The cost is
 * that of the position's history, so bookings in their time take the short way.
 * Throws NotYet for a sale whose shares are not here yet.
 */
export async function replayPositions(tx: Tx, deps: Deps, asked: Replay): Promise<void> {
  const before = new Map(asked.positions);
  if (before.size === 0) return;
  const { dossiers, reservations } = await dossiersOf(tx, asked);
  const untouched = new Map(reservations);
  const done = new Map<string, CarriedOut>();
  for (const [key, dossier] of dossiers) {
    const carried = carryOut(dossier, deps.newId);
    if (!carried) throw new NotYet(`the shares of a sale of ${key} are not here yet`);
    done.set(key, carried);
    for (const one of carried.reservations) reservations.set(one.orderId, one);
  }
  const after = await settled(tx, { before, done, reservations });
  const changed = [...reservations.values()].filter(
    (one) => !sameReservation(untouched.get(one.orderId), one),
  );
  await save(tx, deps, { done: [...done.values()], reservations: changed });
  const told = [...done.values()].flatMap((one) => one.told);
  await saveOutcomes(
    tx,
    told.map(({ outcome }) => outcome),
    deps.clock.now(),
  );
  const facts = told.filter(isWorthTelling).map(toldFacts(asked.causes));
  await saveChanges(tx, deps, { before, after, causes: asked.causes, facts });
}

type Reservations = Map<OrderId, Reservation>;

/** All that is known of each position. */
async function dossiersOf(tx: Tx, { positions, actions, arrived }: Replay) {
  const keys: PositionKey[] = [...positions.values()];
  const trades = grouped(await findTrades(tx, keys), keyOf);
  const lots = grouped(await findAllLots(tx, keys), keyOf);
  const sales = await findAllSales(tx, keys);
  const reservations: Reservations = await lockReservationsOf(tx, keys);
  const setAside = grouped([...reservations.values()], keyOf);
  const outcomes = grouped(await findOutcomes(tx, keys), ({ accountId, assetId }) =>
    keyOf({ accountId, assetId } as PositionKey),
  );
  const late = new Map(arrived.map((execution) => [tradeKey(execution), execution.late]));
  const dossiers = keys.map((key): [string, Dossier] => {
    const name = keyOf(key);
    const all = trades.get(name) ?? [];
    const fresh = all.filter((trade) => late.has(tradeKey(trade)));
    const dossier = {
      accountId: key.accountId,
      actions: actions.filter(({ assetId }) => assetId === key.assetId),
      trades: all.filter((trade) => !late.has(tradeKey(trade))),
      buys: fresh.filter(({ side }) => side === 'BUY'),
      sales: fresh
        .filter(({ side }) => side === 'SELL')
        .map((trade) => ({ trade, late: late.get(tradeKey(trade)) ?? false })),
      lots: lots.get(name) ?? [],
      kept: sales.get(name) ?? [],
      reservations: setAside.get(name) ?? [],
      outcomes: outcomes.get(name) ?? [],
    };
    return [name, dossier];
  });
  return { dossiers, reservations };
}

type Settling = {
  readonly before: ReadonlyMap<string, Position>;
  readonly done: ReadonlyMap<string, CarriedOut>;
  readonly reservations: Reservations;
};

/** Changes the reservations: ended ones give back their rest, none holds more than there is. */
async function settled(tx: Tx, { before, done, reservations }: Settling) {
  const after = new Map(before);
  await releaseEnded(tx, after, reservations);
  const setAside = grouped([...reservations.values()], keyOf);
  for (const [key, { held, cost }] of done) {
    const position = after.get(key);
    if (!position) throw new Error(`position ${key} was not locked`);
    const fitting = fitted(setAside.get(key) ?? [], held);
    for (const one of fitting) reservations.set(one.orderId, one);
    const reserved = fitting.reduce((all, one) => all.plus(restOf(one)), held.minus(held));
    after.set(key, { ...position, quantity: held, cost, reserved });
  }
  return after;
}

function sameReservation(before: Reservation | undefined, after: Reservation): boolean {
  if (!before || before.state !== after.state) return false;
  const amounts = ['quantity', 'consumed', 'released'] as const;
  return amounts.every((name) => before[name].equals(after[name]));
}

type Changed = {
  readonly done: readonly CarriedOut[];
  readonly reservations: readonly Reservation[];
};

async function save(tx: Tx, deps: Deps, { done, reservations }: Changed): Promise<void> {
  const at = deps.clock.now();
  await saveLots(
    tx,
    done.flatMap(({ lots }) => lots),
  );
  await insertMatches(tx, {
    matched: done.flatMap(({ matched }) => matched),
    reversed: done.flatMap(({ reversed }) => reversed),
    newId: deps.newId,
    matchedAt: at,
  });
  await replaceLotSplits(
    tx,
    done.flatMap(({ lotIds }) => lotIds),
    done.flatMap(({ splits }) => splits),
  );
  await saveReservations(tx, reservations, at);
  await saveLacking(
    tx,
    deps,
    done.flatMap(({ lacking }) => lacking),
  );
}

async function saveLacking(tx: Tx, deps: Deps, lacking: readonly Lack[]): Promise<void> {
  if (lacking.length === 0) return;
  const again = lacking.find(({ trade }) => (trade as KeptTrade).missing);
  if (again) throw new Error(`execution ${again.trade.executionId} lacks shares a second time`);
  const missing = lacking.map(({ trade, ...lack }) => ({ ...lack, execution: trade }));
  await insertMissingShares(tx, missing, deps.clock.now());
  const orderIds = lacking.map(({ trade }) => trade.orderId);
  deps.log.error({ error_code: 'SHARES_MISSING', order_ids: orderIds }, 'sales lack shares');
}
