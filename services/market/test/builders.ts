import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import type { Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Worker } from '@simplebank/chassis/worker';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Envelope, EventContract } from '@simplebank/contracts/event';
import {
  OrderCancelRequestedV1,
  OrderOpenedV1,
  OrderRebasedV1,
} from '@simplebank/contracts/orders';
import { createVirtualClock, type VirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import type { Simulator } from '@simplebank/venue/simulator';
import { sendCancels } from '../src/commands/send-cancels.ts';
import { sendOrders } from '../src/commands/send-orders.ts';
import { sendRebases } from '../src/commands/send-rebases.ts';
import { takeReports } from '../src/commands/take-reports.ts';
import { loadConfig } from '../src/config.ts';
import { connect, type Database } from '../src/data/client.ts';
import { type Deps, openDeps } from '../src/deps.ts';
import type { Venue } from '../src/venue.ts';
import { guarded } from '../src/venues/guarded.ts';
import { buildWorker } from '../src/worker.ts';
import { bookAt } from './book.ts';

/** A Friday within the exchange's hours. */
export const noon = '2026-01-30T17:00:00.000Z';
export const abc = 'a0000000-0000-4000-8000-000000000001';
const stepMs = 50;
const stepsMax = 400;

export type Market = {
  readonly deps: Deps;
  readonly worker: Worker;
  readonly simulated: Simulator;
  readonly clock: VirtualClock;
};
export type MarketOptions = {
  readonly clock?: VirtualClock;
  readonly env?: Record<string, string>;
  /** Stands between the market and the simulated venue, to lose calls and answers. */
  readonly between?: (venue: Venue) => Venue;
};

/** One market, one venue with its book, and any number of market processes. */
export async function aMarketplace() {
  const [database, atVenue] = await Promise.all([
    createTestDatabase('market'),
    createTestDatabase('venue'),
  ]);
  const book = bookAt(atVenue.adminUrl);
  const admin: Database = connect(database.adminUrl);
  const opened: (() => Promise<void>)[] = [];

  function start({ clock = createVirtualClock(noon), env = {}, between }: MarketOptions = {}) {
    const urls = { MARKET_DATABASE_URL: database.url, VENUE_DATABASE_URL: atVenue.url };
    const config = loadConfig({ ...urls, ...env });
    const log = createLogger({ service: 'market', destination: { write: () => {} } });
    const outside = { queues: createRecordingQueues(), shared: createMemoryShared({ log }) };
    const runtime: Runtime = { clock, newId: randomUUID, log, ...outside };
    const own = openDeps(config, runtime);
    const { simulator } = own;
    if (simulator === null) throw new Error('the venue of these tests runs in process');
    const venue = between ? guarded(between(own.bare), { clock, log }) : own.deps.venue;
    const deps = { ...own.deps, venue };
    opened.push(() => deps.db.$disconnect(), ...simulator.parts.map((part) => part.close));
    const worker = buildWorker({ ...own, deps }, runtime);
    return { deps, worker, simulated: simulator, clock } satisfies Market;
  }

  return {
    admin,
    book,
    urls: { MARKET_DATABASE_URL: database.url, VENUE_DATABASE_URL: atVenue.url },
    start,
    async close() {
      await Promise.all(opened.map((end) => end()));
      await admin.$disconnect();
      await book.db.$disconnect();
      await Promise.all([database.drop(), atVenue.drop()]);
    },
  };
}

/** Lets market and venue do all there is to do, in steps of 50 ms of the virtual clock. */
export async function settle({ deps, simulated, clock }: Market): Promise<void> {
  for (let quiet = 0, step = 0; quiet < 10 && step < stepsMax; step += 1) {
    const sent = (await sendOrders(deps)) + (await sendRebases(deps)) + (await sendCancels(deps));
    const { traded } = await simulated.trade();
    const taken = await takeReports(deps);
    quiet = sent + traded + taken > 0 ? 0 : quiet + 1;
    clock.advance(stepMs);
  }
}

export type Told = {
  readonly type: string;
  readonly version: number;
  readonly payload: Record<string, unknown>;
};

/** What the market has told about an order, by version. */
export async function toldAbout(db: Database, orderId: string): Promise<readonly Told[]> {
  const rows = await db.outboxEvent.findMany({
    where: { aggregateId: orderId },
    orderBy: { aggregateVersion: 'asc' },
  });
  return rows.map(({ type, aggregateVersion: version, body }) => {
    const { payload } = JSON.parse(body) as Envelope<Record<string, unknown>>;
    return { type: type.replace(/^market\.|\.v1$/g, ''), version, payload };
  });
}

export const typesOf = (told: readonly Told[]): readonly string[] => told.map(({ type }) => type);

type Aggregate = { readonly id: string; readonly version?: number };

function anEvent<P>(
  contract: EventContract<string, P>,
  { id, version = 1 }: Aggregate,
  payload: P,
): string {
  const envelope: Envelope<P> = {
    eventId: randomUUID(),
    type: contract.name,
    aggregateId: id,
    aggregateVersion: version,
    occurredAt: noon,
    correlationId: `test-${id}`,
    causationId: null,
    traceparent: null,
    payload: contract.payload.parse(payload),
  };
  return JSON.stringify(envelope);
}

export const orderOpened = (orderId: string, given: Partial<OrderOpenedV1> = {}): string =>
  anEvent(
    OrderOpenedV1,
    { id: orderId, version: 3 },
    {
      ...{ orderId, accountId: randomUUID(), assetId: abc, symbol: 'ABC', currency: 'USD' },
      ...{ side: 'BUY', type: 'MARKET', timeInForce: 'DAY', quantity: '10', tradeValue: null },
      ...{ limitPrice: '10000', expiresAt: '2026-01-30T21:00:00.000Z' },
      ...given,
    },
  );

/** Four new shares for one, of an order of ten at 1. */
export const orderRebased = (
  orderId: string,
  { version = 5, ...given }: Partial<OrderRebasedV1> & { readonly version?: number } = {},
): string =>
  anEvent(
    OrderRebasedV1,
    { id: orderId, version },
    {
      ...{ orderId, accountId: randomUUID(), assetId: abc, symbol: 'ABC', currency: 'USD' },
      ...{ side: 'BUY', actionId: fourForOne, exDate: '2026-02-02', numerator: 4, denominator: 1 },
      ...{ quantity: '40', leavesQuantity: '40', limitPrice: '0.25', stopPrice: null },
      ...given,
    },
  );

const fourForOne = 'b0000000-0000-4000-8000-000000000001';

export const cancelRequested = (orderId: string): string =>
  anEvent(OrderCancelRequestedV1, { id: orderId, version: 4 }, { orderId });

export const assetUpdated = (
  assetId: string,
  given: Partial<AssetUpdatedV1> & { readonly version?: number } = {},
): string => {
  const { version = 1, ...fields } = given;
  return anEvent(
    AssetUpdatedV1,
    { id: assetId, version },
    {
      ...{ assetId, symbol: 'ABC', name: 'Abc', type: 'STOCK', sector: null, currency: 'USD' },
      ...{ fractionable: true, state: 'ACTIVE' },
      ...fields,
    },
  );
};
