import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createAgent, type Load, load } from '../support/open-load.ts';

/** What one gateway of ours gets in a small container. */
const heapMbMax = 256;
const rssMbMax = 512;
const connections = 500;
const seconds = 30;
const recoveryMsMax = 5_000;
const criticalEveryMs = 100;
const screen = '{ crowd { id name } }';
const order = 'mutation { placeOrder }';

type Gateway = { readonly url: string; readonly tokens: readonly string[] };
type Usage = { readonly rssMb: number; readonly heapMb: number };

const overloadProcess = fileURLToPath(
  new URL('../../packages/gateway-kit/test/limits/overload-process.ts', import.meta.url),
);
let child: ChildProcess;
let gateway: Gateway;

beforeAll(async () => {
  child = fork(overloadProcess, {
    execArgv: ['--import', 'tsx', '--expose-gc', `--max-old-space-size=${heapMbMax}`],
  });
  [gateway] = (await once(child, 'message')) as [Gateway];
});
afterAll(() => {
  child.kill('SIGKILL');
});

async function usage(how: 'swept' | 'now' = 'now'): Promise<Usage> {
  child.send(how);
  const [told] = (await once(child, 'message')) as [Usage];
  return told;
}

let turn = 0;
const token = () => {
  turn += 1;
  return gateway.tokens[turn % gateway.tokens.length] ?? '';
};
const screens = (options: Pick<Load, 'connections' | 'seconds'> & { perSecond?: number }) =>
  load({ ...options, url: gateway.url, next: () => ({ token: token(), query: screen }) });

const placeOrder = (agent: Agent) => ask(agent, gateway.url, { token: token(), query: order });

/** Does something again and again until what it accompanies is over. */
async function meanwhile<T>(over: Promise<unknown>, everyMs: number, work: () => Promise<T>) {
  const done: Promise<T>[] = [];
  let isOver = false;
  void over.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    done.push(work());
    await pause(everyMs);
  }
  return Promise.all(done);
}

/** Until as many as it can bear are all served again, each within a second. */
async function recovered(): Promise<number> {
  const startedAt = performance.now();
  const agent = createAgent(20);
  for (;;) {
    const asking = Array.from({ length: 20 }, () =>
      ask(agent, gateway.url, { token: token(), query: screen }),
    );
    const answers = await Promise.all(asking);
    if (answers.every(({ status, tookMs }) => status === 200 && tookMs < 1_000)) break;
    await pause(50);
  }
  agent.destroy();
  return performance.now() - startedAt;
}

test('twice the load that it can bear costs a gateway neither memory nor order', async () => {
  const measured = [];
  for (let n = 0; n < 2; n += 1) measured.push(await screens({ connections: 32, seconds: 5 }));
  const bearable = Math.max(...measured.map(({ perSecond }) => perSecond));
  const before = await usage('swept');

  const agent = createAgent(10);
  await Promise.all(Array.from({ length: 10 }, () => placeOrder(agent)));
  const storm = screens({ connections, seconds, perSecond: 2 * bearable });
  const [orders, usages] = await Promise.all([
    meanwhile(storm, criticalEveryMs, () => placeOrder(agent)),
    meanwhile(storm, 1_000, () => usage()),
  ]);
  const stormy = await storm;
  const recoveryMs = await recovered();
  agent.destroy();
  const after = await usage('swept');

  const peakMb = Math.max(...usages.map(({ rssMb }) => rssMb));
  const slowest = Math.max(...orders.map(({ tookMs }) => tookMs));
  console.log(
    JSON.stringify({
      ...{ bearable, before, peakMb, after, recoveryMs, orders: orders.length, slowest },
      ...stormy,
    }),
  );
  const { byStatus, unanswered, withoutRetryAfter } = stormy;
  expect({ unanswered, withoutRetryAfter }).toEqual({ unanswered: 0, withoutRetryAfter: 0 });
  expect(Object.keys(byStatus).filter((status) => !['200', '429', '503'].includes(status))).toEqual(
    [],
  );
  expect(byStatus[503] ?? 0).toBeGreaterThan(0);
  expect(byStatus[200] ?? 0).toBeGreaterThan(0);
  expect(orders.map(({ status }) => status)).toEqual(orders.map(() => 200));
  expect(recoveryMs).toBeLessThan(recoveryMsMax);
  expect(peakMb).toBeLessThan(rssMbMax);
  expect(after.heapMb).toBeLessThan(before.heapMb + 32);
});
