import { metrics } from '@simplebank/chassis/metrics';
import { subscribers } from '@simplebank/contracts/subscriptions';
import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeFeeds, type Feeds, openFeeds } from '../../tools/reconcile/feeds.ts';
import { fullPass } from '../../tools/reconcile/pass.ts';
import { reconcile } from '../../tools/reconcile/reconcile.ts';
import { startWholeBank, type WholeBank } from '../e2e/whole-bank.ts';
import { propagationLag } from './support/propagation.ts';
import { writeAtRandom } from './support/random-writes.ts';

const writes = 1_000;
/** OPS-49. */
const equalWithinMs = 5_000;
const restWithinMs = 60_000;
const seed = Number(process.env['CONVERGENCE_SEED'] ?? Date.now() % 1_000_000);

let bank: WholeBank;
let feeds: Feeds;
beforeAll(async () => {
  console.log(`CONVERGENCE_SEED=${seed}`);
  // Every event comes twice, in an order that hangs on the seed, to some subscribers before others.
  bank = await startWholeBank({ seed, copies: 2 });
  const urls = Object.entries(bank.databases).map(([name, { url }]) => [name, url]);
  feeds = openFeeds(Object.fromEntries(urls));
}, 120_000);
afterAll(async () => {
  if (feeds) await closeFeeds(feeds);
  await bank?.close();
});

/** Copies that say something else than their owners do at this moment. */
async function copiesApart(): Promise<readonly string[]> {
  const { findings } = await fullPass(feeds, { waitMs: 0 });
  return findings
    .filter(({ law }) => /copies equal/.test(law))
    .map((one) => `${one.context}: ${one.subject} is ${one.actual}, not ${one.expected}`);
}

test('when 1,000 random writes stop, all copies equal their owners within 5 s', async () => {
  metrics.getSingleMetric('simplebank_propagation_lag_seconds')?.reset();
  const written = await writeAtRandom(bank, { seed, writes, lanes: 4 });
  const stoppedAt = performance.now();
  const apart = (await copiesApart()).length;
  await eventually(async () => expect(await copiesApart()).toEqual([]), {
    withinMs: equalWithinMs,
  });
  const equalAfterMs = Math.round(performance.now() - stoppedAt);
  const { heard, ...lag } = await propagationLag();
  const told = { ...written, apart, equalAfterMs, lag, heard };
  console.log(`convergence: ${JSON.stringify(told)}`);

  expect(written.done).toBeGreaterThanOrEqual(writes);
  expect(Object.keys(written.kinds).length).toBeGreaterThanOrEqual(6);
  expect(equalAfterMs).toBeLessThanOrEqual(equalWithinMs);
  expect(Object.keys(heard).toSorted()).toEqual([...subscribers].toSorted());
  expect(lag.events).toBeGreaterThan(writes);
  const { drift, checked } = await reconcile(feeds, { waitMs: restWithinMs });
  expect(drift).toEqual([]);
  expect(checked.orders).toBe(written.kinds['placeOrder']);
}, 300_000);
