import { publish } from '@simplebank/chassis/outbox';
import { recordProcessEnd } from '@simplebank/chassis/process-metrics';
import type { Cause } from '@simplebank/contracts/event';
import { dropWaiting, keepWaiting, lockDossiers } from '../data/dossiers.ts';
import { recordExceptions } from '../data/exceptions.ts';
import { saveChanges } from '../data/save-orders.ts';
import type { Deps, Transaction } from '../deps.ts';
import { type Advance, advance, type Misfit } from '../domain/advance.ts';
import type { Dossier } from '../domain/decide.ts';
import { isEnd, type Message } from '../domain/message.ts';
import type { Order } from '../domain/order.ts';
import { endOf } from '../domain/process.ts';
import { factsOf } from '../events/published.ts';

/** Something that one order is told, and what led to it. */
export type Told = { readonly orderId: string; readonly message: Message; readonly cause: Cause };

/** What a batch did. */
export type Outcome = {
  /** The orders as they stood. */
  readonly before: ReadonlyMap<string, Order>;
  /** The orders as they stand now. */
  readonly dossiers: ReadonlyMap<string, Dossier>;
  readonly misfits: readonly Misfit[];
  /** Orders that are not known here. */
  readonly unknown: readonly string[];
};

type Tally = Advance & { readonly facts: ReturnType<typeof factsOf> };

/**
 * Tells orders what happened and publishes what follows, in the caller's transaction. What fits no
 * transition changes no order: it is kept as an exception and alerted. Answers the orders as they
 * stand now, and which of them are not known here.
 */
export async function tellOrders(
  tx: Transaction,
  deps: Deps,
  told: readonly Told[],
): Promise<Pick<Outcome, 'dossiers' | 'unknown'>> {
  const { misfits, dossiers, unknown } = await advanceOrders(tx, deps, told);
  await reportMisfits(tx, deps, misfits);
  return { dossiers, unknown };
}

/**
 * The same, with what fits no transition left to the caller. Reads and writes are one statement
 * each for the whole batch, whatever its size; rows are locked in key order.
 */
export async function advanceOrders(
  tx: Transaction,
  deps: Deps,
  told: readonly Told[],
): Promise<Outcome> {
  const known = await lockDossiers(tx, {
    orderIds: told.map(({ orderId }) => orderId),
    executionIds: told.flatMap(({ message }) =>
      message.event === 'EXECUTED' ? [message.executionId] : [],
    ),
    isAnyEnd: told.some(({ message }) => isEnd(message) || message.event === 'ENDED_BY_STAFF'),
    isAnySplit: told.some(({ message }) => message.event === 'REBASED'),
  });
  const tallies = new Map<string, Tally>();
  for (const { orderId, message, cause } of told) {
    const dossier = tallies.get(orderId)?.dossier ?? known.get(orderId);
    if (dossier)
      tallies.set(orderId, tally(tallies.get(orderId), { deps, dossier, message, cause }));
  }
  await save(tx, deps, { known, tallies });
  return {
    before: new Map([...known].map(([orderId, { order }]) => [orderId, order])),
    dossiers: new Map([...tallies].map(([orderId, { dossier }]) => [orderId, dossier])),
    misfits: [...tallies.values()].flatMap(({ misfits }) => misfits),
    unknown: told.flatMap(({ orderId }) => (known.has(orderId) ? [] : [orderId])),
  };
}

type Turn = Omit<Told, 'orderId'> & { readonly deps: Deps; readonly dossier: Dossier };

function tally(before: Tally | undefined, { deps, dossier, message, cause }: Turn): Tally {
  const now = deps.clock.now();
  const after = advance(dossier, message, {
    now,
    marketOpen: deps.hours.isOpen(now),
    causeId: cause.causationId,
  });
  return {
    dossier: after.dossier,
    steps: [...(before?.steps ?? []), ...after.steps],
    misfits: [...(before?.misfits ?? []), ...after.misfits],
    facts: [...(before?.facts ?? []), ...after.steps.flatMap((step) => factsOf(step, cause))],
  };
}

type Batch = {
  readonly known: ReadonlyMap<string, Dossier>;
  readonly tallies: ReadonlyMap<string, Tally>;
};

async function save(tx: Transaction, deps: Deps, { known, tallies }: Batch): Promise<void> {
  const all = [...tallies.values()];
  const moved = all.filter(({ steps }) => steps.length > 0);
  await saveChanges(
    tx,
    moved.map(({ dossier, steps }) => ({ order: dossier.order, steps })),
  );
  const before = new Set([...known.values()].flatMap(causesOfWaiting));
  const after = new Set(all.flatMap(({ dossier }) => causesOfWaiting(dossier)));
  const kept = all.flatMap(({ dossier: { order, waiting } }) =>
    waiting.map((one) => ({ ...one, orderId: order.id })),
  );
  await keepWaiting(
    tx,
    kept.filter(({ causeId }) => !before.has(causeId)),
  );
  await dropWaiting(
    tx,
    [...before].filter((causeId) => !after.has(causeId)),
  );
  await publish(
    tx,
    deps,
    all.flatMap(({ facts }) => facts),
  );
  countEnds(deps, { known, tallies });
}

function countEnds({ clock }: Deps, { known, tallies }: Batch): void {
  const now = clock.now();
  for (const [orderId, { dossier }] of tallies) {
    const before = known.get(orderId)?.order;
    const timeliness = before ? endOf(before, dossier.order, now) : null;
    if (timeliness) recordProcessEnd({ service: 'orders', process: 'order' }, timeliness);
  }
}

const causesOfWaiting = ({ waiting }: Dossier): string[] => waiting.map(({ causeId }) => causeId);

/** Keeps what fits no transition for staff, and alerts. */
export async function reportMisfits(
  tx: Transaction,
  deps: Deps,
  misfits: readonly Misfit[],
): Promise<void> {
  const recordedAt = deps.clock.now();
  await recordExceptions(
    tx,
    misfits.map((misfit) => ({ ...misfit, id: deps.newId(), recordedAt })),
  );
  for (const { order, message, reason, causeId } of misfits) {
    const fields = {
      order_id: order.id,
      event_id: causeId,
      error_code: reason,
      alert: 'OrderException',
    };
    deps.log.error(fields, `${message.event} does not fit an order that is ${order.status}`);
  }
}
