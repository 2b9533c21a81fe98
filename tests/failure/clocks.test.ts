import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChaosFleet, startChaosFleet } from './support/chaos-fleet.ts';
import { newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import { withoutRedis } from './support/servers.ts';

const orders = 200;
const shiftedClock = fileURLToPath(new URL('support/shifted-clock.mjs', import.meta.url));

/** Seconds before and behind the true time: neighbours in an order's way are four minutes apart. */
const seconds = {
  ...{ web: -120, federation: 120, mobile: -120 },
  ...{ accounts: 120, orders: -120, holdings: 120, market: -120, assets: 120 },
  ...{ strategies: -120, notifications: -60, venue: 60, reconciler: 120 },
};

const clockOf = (offset: number) => ({
  NODE_OPTIONS: `--import=${shiftedClock}`,
  CLOCK_SHIFT_MS: String(offset * 1_000),
});

let bank: ChaosFleet;

beforeAll(async () => {
  if (withoutRedis) return;
  const clocks = Object.entries(seconds).map(([name, offset]) => [name, clockOf(offset)] as const);
  bank = await startChaosFleet({ envOf: Object.fromEntries(clocks) });
});
afterAll(() => bank?.close());

/** Between the fastest and the slowest clock, by what each process wrote when it was ready. */
function secondsApart(): number {
  const ready = bank.fleet.lines().filter(({ message }) => String(message).includes('is ready'));
  const times = ready.map((line) => Date.parse(String(line['@timestamp'])));
  return Math.round((Math.max(...times) - Math.min(...times)) / 1_000);
}

test.skipIf(withoutRedis)(
  `processes whose clocks are four minutes apart agree about every order${withoutRedis}`,
  async () => {
    const customers = await newCustomers(bank.web, 4);
    const load = startLoad({ customers, orders, seed: failureSeed() });
    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);
    const { troubles } = load.tries;
    const [apartSeconds, fallen] = [secondsApart(), bank.keeper.fallen()];
    expectNothingLost('clocks apart', { ...counts, drift, apartSeconds, troubles, fallen });
    expect(apartSeconds).toBeGreaterThan(200);
    expect(fallen).toEqual([]);
  },
);
