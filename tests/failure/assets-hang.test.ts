import { afterAll, beforeAll, expect, test } from 'vitest';
import { bankClient } from '../../tools/bank/client.ts';
import type { Instance } from '../../tools/distributed/fleet.ts';
import { startProxy, through, type Proxy as Wire } from '../events/support/proxy.ts';
import { until } from '../events/support/until.ts';
import { type Customer, newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import { askOnce, type OutageFleet, startOutageFleet } from './support/outage-fleet.ts';
import { screenWithout } from './support/screens.ts';
import { withoutRedis } from './support/servers.ts';

/** OPS-60: calls of one gateway at once to a subgraph, and calls that wait for their turn. */
const callsMax = 50;
const waitingMax = 100;
const silentMs = 500;
const recoveryMsMax = 10_000;
/** What the hanging may add to what asks somebody else. */
const othersMsMax = 2_000;
/** Being refused takes no time of the one that hangs. */
const refusedMsMax = 2_000;

const seed = failureSeed();
let bank: OutageFleet;
let wire: Wire;
/** A second web gateway, whose connections to assets are counted. */
let gateway: Instance;
let customers: readonly Customer[] = [];
let asked = 0;

beforeAll(async () => {
  if (withoutRedis) return;
  bank = await startOutageFleet();
  const assets = bank.fleet.urls['assets'] ?? '';
  wire = await startProxy(assets);
  gateway = await bank.fleet.start('web', { ASSETS_URL: through(assets, wire) });
  customers = await newCustomers(bankClient(`${gateway.url}/graphql`), 2);
}, 400_000);
afterAll(async () => {
  await wire?.close();
  await bank?.close();
}, 60_000);

const door = () => {
  const [customer] = customers;
  if (!customer) throw new Error('nobody is a customer');
  return { ...customer.door(), accountId: customer.accountId, order: customer.stockOrderId };
};

/** About an asset that nobody has asked for, so that assets itself must be asked. */
async function askAssets(): Promise<string> {
  asked += 1;
  const text = 'query($id: ID!) { asset(id: $id) { name } }';
  const { told } = await askOnce(door(), text, { id: `NONE-${asked}` });
  return told[0]?.code ?? 'OK';
}

async function codesOf(asking: readonly Promise<string>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const code of await Promise.all(asking)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const several = (count: number) => Array.from({ length: count }, askAssets);

/** Calls to assets that wait for their turn, as the gateway's metrics tell. */
async function waitingCalls(): Promise<number> {
  const text = await (await fetch(`${gateway.operationsUrl}/metrics`)).text();
  const isWaiting = /^simplebank_bulkhead_calls\{(?=.*"assets")(?=.*"waiting").*\} (\d+)$/m;
  return Number(isWaiting.exec(text)?.[1] ?? 0);
}

/** What needs no assets, one after another: the longest that one took. */
async function askOthers(count: number): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const { accountId: account, order } = door();
    asked += 1;
    const variables = { account, order, n: 1 + (asked % 100) };
    const { told, tookMs } = await askOnce(door(), screenWithout(['assets']), variables);
    expect(told).toEqual([]);
    took.push(tookMs);
  }
  return Math.round(Math.max(...took));
}

test.skipIf(withoutRedis)(
  `assets that hang hold 50 connections and 100 that wait, and nobody else${withoutRedis}`,
  async () => {
    const load = startLoad({ customers, orders: 40, seed, perSecond: 10, name: 'hang' });
    const usualMs = await askOthers(5);
    expect(await askAssets()).toBe('OK');
    bank.fleet.one('assets').hang();
    const hungAt = performance.now();
    const held = several(callsMax + waitingMax);
    await until('its connections are taken', () => wire.connections() >= callsMax);
    await until('its places are taken', async () => (await waitingCalls()) >= waitingMax);
    // A queue that moves is silent for no longer than this, and refuses nobody.
    await until('it is silent', () => performance.now() - hungAt > silentMs);

    const refusedAt = performance.now();
    expect(await codesOf(several(20))).toEqual({ BULKHEAD_FULL: 20 });
    const refusedMs = Math.round(performance.now() - refusedAt);
    const othersMs = await askOthers(3);
    const connections = wire.connections();

    bank.fleet.one('assets').resume();
    const resumedAt = performance.now();
    await until('assets answer', async () => (await askAssets()) === 'OK', recoveryMsMax);
    const recoveredMs = Math.round(performance.now() - resumedAt);
    const hungForMs = Math.round(resumedAt - hungAt);
    const heldAs = JSON.stringify(await codesOf(held));

    expect(connections).toBe(callsMax);
    expect(refusedMs).toBeLessThan(refusedMsMax);
    expect(othersMs - usualMs).toBeLessThan(othersMsMax);
    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);
    const measured = { hungForMs, refusedMs, usualMs, othersMs, recoveredMs, heldAs };
    expectNothingLost('assets hung', { ...counts, ...measured, drift });
  },
  400_000,
);
