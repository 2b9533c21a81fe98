import { afterAll, beforeAll, expect, test } from 'vitest';
import { bankClient } from '../../tools/bank/client.ts';
import type { Instance } from '../../tools/distributed/fleet.ts';
import { startProxy, through, type Proxy as Wire } from '../events/support/proxy.ts';
import { until } from '../events/support/until.ts';
import { type Customer, newCustomers, startLoad } from './support/chaos-load.ts';
import { driftOf, expectNothingLost, failureSeed, proveLoad } from './support/chaos-proof.ts';
import {
  askOnce,
  type OutageFleet,
  operationsJson,
  startOutageFleet,
} from './support/outage-fleet.ts';
import { type Context, missingIn, screenWithout } from './support/screens.ts';
import { withoutRedis } from './support/servers.ts';

const seenWithinMs = 10_000;
/** A circuit rests for 30 s, and then one call tries. */
const healsWithinMs = 60_000;
const edges = ['holdings', 'orders'] as const;

const seed = failureSeed();
let bank: OutageFleet;
let wires: Readonly<Record<(typeof edges)[number], Wire>>;
/** A second web gateway, whose edges to holdings and to orders can be cut; nobody else's can. */
let gateway: Instance;
let customers: readonly Customer[] = [];
let asked = 0;

beforeAll(async () => {
  if (withoutRedis) return;
  bank = await startOutageFleet();
  const { urls } = bank.fleet;
  const [holdings, orders] = [urls['holdings'] ?? '', urls['orders'] ?? ''];
  wires = { holdings: await startProxy(holdings), orders: await startProxy(orders) };
  gateway = await bank.fleet.start('web', {
    HOLDINGS_URL: through(holdings, wires.holdings),
    ORDERS_URL: through(orders, wires.orders),
  });
}, 400_000);
afterAll(async () => {
  await Promise.all(Object.values(wires ?? {}).map((wire) => wire.close()));
  await bank?.close();
}, 60_000);

type Judged = { readonly name: string; readonly status: 'up' | 'down' };
type Rollup = { readonly status: string; readonly processes: readonly Judged[] };

const downIn = (judged: readonly Judged[]) =>
  judged.filter(({ status }) => status === 'down').map(({ name }) => name);

/** What a gateway says of the bank, and of its own edges; a probe's client is the edge's, too. */
async function saidBy({ operationsUrl }: Instance) {
  type Told = { readonly dependencies: readonly Judged[] };
  const [{ status, processes }, { dependencies }] = await Promise.all([
    operationsJson<Rollup>(`${operationsUrl}/health/rollup`),
    operationsJson<Told>(`${operationsUrl}/health/dependencies`),
  ]);
  const red = downIn(dependencies).map((name) => name.replace(/-health$/, ''));
  return { status, down: downIn(processes), red: [...new Set(red)] };
}

const healthy = { status: 'healthy', down: [], red: [] };
const othersOf = () => ['web', 'mobile', 'federation'].map((name) => bank.fleet.one(name));

/** A screen of all contexts at one of the gateways; no two ask the same. */
async function missingAt({ url }: Instance): Promise<readonly Context[]> {
  const [first] = customers;
  if (!first) throw new Error('nobody is a customer');
  asked += 1;
  const door = { ...first.door(), url: `${url}/graphql` };
  const { accountId: account, stockOrderId: order } = first;
  const variables = { account, order, n: 1 + (asked % 100) };
  return missingIn((await askOnce(door, screenWithout([]), variables)).data);
}

async function expectOnlyThisEdge(name: string, status: string): Promise<void> {
  const red = { status, down: [name], red: [name] };
  await until(
    `the gateway sees its edge to ${name} red`,
    async () => (await saidBy(gateway)).status === status,
    seenWithinMs,
  );
  expect(await saidBy(gateway)).toEqual(red);
  expect(await missingAt(gateway)).toEqual([name]);
  for (const other of othersOf()) expect(await saidBy(other)).toEqual(healthy);
  expect(await missingAt(bank.fleet.one('web'))).toEqual([]);
  const ready = await fetch(`${bank.fleet.one(name).operationsUrl}/health/ready`);
  expect(ready.status).toBe(200);
}

test.skipIf(withoutRedis).each([
  { name: 'holdings', cut: 'refuses', status: 'degraded' },
  { name: 'orders', cut: 'silence', status: 'unhealthy' },
] as const)(
  `an edge to $name that is cut ($cut) is red at its gateway alone and heals${withoutRedis}`,
  async ({ name, cut, status }) => {
    const { pid } = gateway;
    customers = await newCustomers(bankClient(`${gateway.url}/graphql`), 2);
    await until('all is well', async () => (await saidBy(gateway)).status === 'healthy');
    expect(await saidBy(gateway)).toEqual(healthy);
    const load = startLoad({ customers, orders: 40, seed, perSecond: 2, name });

    if (cut === 'silence') wires[name].silence();
    else wires[name].cut();
    const cutAt = performance.now();
    await expectOnlyThisEdge(name, status);
    const cutForMs = Math.round(performance.now() - cutAt);

    wires[name].restore();
    const restoredAt = performance.now();
    await until(
      'the gateway is whole again',
      async () => (await missingAt(gateway)).length === 0,
      healsWithinMs,
    );
    const healedMs = Math.round(performance.now() - restoredAt);
    await until('the edge is green', async () => (await saidBy(gateway)).red.length === 0);
    expect(await saidBy(gateway)).toEqual(healthy);
    expect(gateway.pid).toBe(pid);

    const counts = await proveLoad(load, customers);
    const drift = await driftOf(bank.databaseUrls);
    expectNothingLost(`${name} ${cut}`, { ...counts, cutForMs, healedMs, drift });
  },
  400_000,
);
