import { setTimeout as pause } from 'node:timers/promises';
import { createChance } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChaosFleet, startChaosFleet, worstSecondOf } from './support/chaos-fleet.ts';
import { newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import { withoutRedis } from './support/servers.ts';

const orders = Number(process.env['FAILURE_ORDERS'] ?? 2_000);
const chaosMs = 60_000;
const customersMax = 10;
/** While its database is away a process may complain, and not fill the disk. */
const linesPerSecondMax = 60;

/** Outside parties fail in tests of their own, and the reconciler only looks. */
const ours = ['accounts', 'orders', 'holdings', 'assets', 'strategies', 'market', 'web'];

let bank: ChaosFleet;

beforeAll(async () => {
  if (!withoutRedis) bank = await startChaosFleet();
});
afterAll(() => bank?.close());

const between = (chance: () => number, [from, to]: readonly [number, number]) =>
  from + chance() * (to - from);

/** Restarts PostgreSQL every 5 to 10 s while the chaos lasts; answers how often. */
async function restartPostgres(chance: () => number, endsAt: number): Promise<number> {
  let restarts = 0;
  for (;;) {
    await pause(between(chance, [5_000, 10_000]));
    if (performance.now() > endsAt) return restarts;
    await bank.postgres.crash();
    await pause(between(chance, [0, 1_000]));
    await bank.postgres.restart();
    restarts += 1;
  }
}

/** Kills a process every 2 to 6 s; answers which. */
async function killAtRandom(chance: () => number, endsAt: number): Promise<readonly string[]> {
  const victims: string[] = [];
  for (;;) {
    await pause(between(chance, [2_000, 6_000]));
    if (performance.now() > endsAt) return victims;
    const name = ours[Math.floor(chance() * ours.length)] ?? 'orders';
    const instance = bank.fleet.one(name);
    if (!instance.running) continue;
    await bank.keeper.kill(instance);
    victims.push(name);
  }
}

type Chaos = (seed: number, endsAt: number) => Promise<Record<string, unknown>>;

/** The load lasts as long as the chaos, and the proof begins when both are over. */
async function survive(what: string, chaos: Chaos): Promise<void> {
  const seed = failureSeed();
  const fallenBefore = bank.keeper.fallen().length;
  const customers = await newCustomers(bank.web, customersMax);
  const perSecond = orders / (chaosMs / 1_000);
  const load = startLoad({ customers, orders, seed, perSecond, name: what });
  const happened = await chaos(seed, performance.now() + chaosMs);
  const counts = await proveLoad(load, customers);
  const drift = await driftOf(bank.databaseUrls);
  const fallen = bank.keeper.fallen().slice(fallenBefore);
  const linesPerSecond = worstSecondOf(bank);
  const { troubles } = load.tries;
  expectNothingLost(what, { ...counts, drift, ...happened, linesPerSecond, fallen, troubles });
  expect(fallen).toEqual([]);
  expect(linesPerSecond).toBeLessThan(linesPerSecondMax);
}

test.skipIf(withoutRedis)(
  `PostgreSQL restarts every 5 to 10 s for a minute and no order is lost${withoutRedis}`,
  () =>
    survive('postgres restarts', async (seed, endsAt) => ({
      restarts: await restartPostgres(createChance(seed), endsAt),
    })),
);

test.skipIf(withoutRedis)(
  `processes are killed at random during the same and no order is lost${withoutRedis}`,
  () =>
    survive('chaos', async (seed, endsAt) => {
      const [restarts, killed] = await Promise.all([
        restartPostgres(createChance(seed), endsAt),
        killAtRandom(createChance(seed + 1), endsAt),
      ]);
      return { restarts, killed };
    }),
);
