import { randomUUID } from 'node:crypto';
import { type Handler, handler } from '@simplebank/chassis/consumer';
import type { SqlRunner } from '@simplebank/chassis/database';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Cause, Envelope, EventContract, Fact } from '@simplebank/contracts/event';
import {
  OrderCancelRequestedV1,
  OrderOpenedV1,
  OrderRebasedV1,
} from '@simplebank/contracts/orders';

export const aCause = (): Cause => ({
  ...{ correlationId: randomUUID(), causationId: null, traceparent: null },
});

/** The smallest fact there is; only the subscriber `market` listens to it. */
export const aFact = (aggregateId: string = randomUUID(), aggregateVersion = 1): Fact => ({
  contract: OrderCancelRequestedV1,
  payload: { orderId: randomUUID() },
  ...{ aggregateId, aggregateVersion, cause: aCause() },
});

export const anAssetFact = (aggregateId: string = randomUUID(), aggregateVersion = 1): Fact => ({
  contract: AssetUpdatedV1,
  payload: {
    ...{ assetId: randomUUID(), symbol: 'ABC', name: 'ABC Corp', type: 'STOCK', sector: null },
    ...{ currency: 'USD', fractionable: true, state: 'ACTIVE' },
  },
  ...{ aggregateId, aggregateVersion, cause: aCause() },
});

type Apply = (tx: SqlRunner, events: readonly Envelope[]) => Promise<void>;
/** What the subscriber `market` listens to, as the contracts have it. */
const marketEvents: readonly EventContract[] = [
  ...[OrderOpenedV1, OrderRebasedV1, OrderCancelRequestedV1, AssetUpdatedV1],
];

/** Every event leaves one row; `before` may refuse to. */
export const effectHandlers = (consumer: string, before: Apply = async () => {}) =>
  marketEvents.map(
    (contract): Handler<SqlRunner> =>
      handler<SqlRunner, unknown>(contract, async (tx, events) => {
        await before(tx, events);
        await insertEffects(tx, consumer, events);
      }),
  );

async function insertEffects(tx: SqlRunner, consumer: string, events: readonly Envelope[]) {
  await tx.$executeRaw`
    INSERT INTO effect (consumer, event_id, aggregate_id, aggregate_version)
    SELECT ${consumer}, * FROM unnest(${events.map((event) => event.eventId)}::uuid[],
      ${events.map((event) => event.aggregateId)}::text[],
      ${events.map((event) => event.aggregateVersion)}::int[])`;
}

export type Effect = {
  readonly consumer: string;
  readonly eventId: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
};

/** In the order in which they were applied. */
export const effectsIn = (db: SqlRunner) =>
  db.$queryRaw<Effect[]>`
    SELECT consumer, event_id AS "eventId", aggregate_id AS "aggregateId",
      aggregate_version AS "aggregateVersion" FROM effect ORDER BY position`;

export const countEffects = async (db: SqlRunner) => (await effectsIn(db)).length;

/** The versions applied of one aggregate, in the order in which they were. */
export const versionsOf = (effects: readonly Effect[], aggregateId: string) =>
  effects
    .filter((effect) => effect.aggregateId === aggregateId)
    .map(({ aggregateVersion }) => aggregateVersion);

export type StoredEvent = { readonly eventId: string; readonly body: string };

export const outboxOf = (db: SqlRunner) =>
  db.$queryRaw<StoredEvent[]>`
    SELECT event_id AS "eventId", body FROM outbox_event ORDER BY position`;

export type Parked = {
  readonly eventId: string;
  readonly state: string;
  readonly attempts: number;
};

export const parkedIn = (db: SqlRunner) =>
  db.$queryRaw<Parked[]>`
    SELECT event_id AS "eventId", state, attempts FROM parked_event ORDER BY position`;
