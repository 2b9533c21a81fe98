import { createLogger } from '@simplebank/chassis/logging';
import { Decimal } from '@simplebank/kernel/decimal';
import { createVirtualClock, type VirtualClock } from '@simplebank/testkit/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { loadSimulatorConfig } from '../src/config.ts';
import { connect, type Database } from '../src/data/client.ts';
import type { Instruction } from '../src/domain/order.ts';
import type { Report } from '../src/queries/reports.ts';
import { openSimulator, type Simulator } from '../src/simulator.ts';

/** A Friday within the exchange's hours. */
export const noon = '2026-01-30T17:00:00.000Z';

export const silent = createLogger({ service: 'venue', destination: { write: () => {} } });

export type OpenVenue = Simulator & {
  readonly clock: VirtualClock;
  readonly db: Database;
  readonly url: string;
  readonly close: () => Promise<void>;
};

export async function aVenue(
  env: Record<string, string> = {},
  clock = createVirtualClock(noon),
): Promise<OpenVenue> {
  const { url, adminUrl, drop } = await createTestDatabase('venue');
  const config = loadSimulatorConfig({ VENUE_DATABASE_URL: url, ...env });
  const simulator = openSimulator(config, { clock, log: silent });
  const db = connect(adminUrl);
  async function close() {
    await Promise.all(simulator.parts.map((part) => part.close()));
    await db.$disconnect();
    await drop();
  }
  return { ...simulator, clock, db, url, close };
}

export const anOrder = (clientId: string, given: Partial<Instruction> = {}): Instruction => ({
  ...{ clientId, symbol: 'ABC', side: 'BUY', type: 'MARKET', timeInForce: 'DAY' },
  ...{ quantity: new Decimal(10), tradeValue: null, stopPrice: null },
  ...{ limitPrice: new Decimal(10_000), expiresAt: new Date('2026-01-30T21:00:00.000Z') },
  ...given,
});

const stepMs = 50;

/** Lets the venue trade in steps of 50 ms of the virtual clock. */
export async function tradeFor({ trade, clock }: OpenVenue, ms: number): Promise<void> {
  for (let step = 0; step < ms / stepMs; step += 1) {
    await trade();
    clock.advance(stepMs);
  }
  await trade();
}

export async function reportsOf({ desk }: OpenVenue): Promise<readonly Report[]> {
  const { reports } = await desk.reports('');
  return reports;
}

/** `10 @ 99.5, CANCELED`: what happened to one order. */
export async function storyOf(venue: OpenVenue, clientId: string): Promise<string> {
  const own = (await reportsOf(venue)).filter((report) => report.clientId === clientId);
  return own
    .map((report) =>
      report.kind === 'EXECUTED' ? `bought ${report.quantity.toFixed()}` : report.outcome,
    )
    .join(', ');
}
