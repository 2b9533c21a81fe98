import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Part } from '../process/process.ts';
import { createOperations, type Operations } from './operations.ts';

const open: Operations[] = [];
afterEach(async () => {
  for (const operations of open.splice(0)) await operations.close();
});

const part = (name: string, ready: () => Promise<boolean>): Part => ({
  name,
  start: async () => {},
  close: async () => {},
  ready,
});

async function serve(parts: readonly Part[]) {
  const operations = createOperations({
    host: '127.0.0.1',
    port: 0,
    variable: 'SAMPLE_OPERATIONS_PORT',
    parts: () => parts,
  });
  open.push(operations);
  await operations.start();
  return async (path: string) => {
    const response = await fetch(`${operations.url}${path}`);
    return { status: response.status, body: await response.text() };
  };
}

test('a process is ready when all of its parts are, and 503 until then', async () => {
  let workerReady = false;
  const get = await serve([
    part('door', async () => true),
    part('worker', async () => workerReady),
  ]);
  const before = await get('/health/ready');
  expect([before.status, JSON.parse(before.body)]).toEqual([
    503,
    { status: 'not ready', parts: { door: true, worker: false } },
  ]);
  workerReady = true;
  await expect.poll(async () => (await get('/health/ready')).status).toBe(200);
  const after = await get('/health/ready');
  expect(JSON.parse(after.body)).toEqual({
    status: 'ready',
    parts: { door: true, worker: true },
  });
});

test('a process with a door is degraded, not unready, without what it can do without', async () => {
  const queues: Part = { ...part('queues', async () => false), dispensable: true };
  const door = Object.assign(
    part('door', async () => true),
    { url: 'http://door' },
  );
  const serving = await (await serve([queues, door]))('/health/ready');
  expect([serving.status, JSON.parse(serving.body).status]).toEqual([200, 'degraded']);
  const working = await serve([queues, part('worker', async () => true)]);
  expect((await working('/health/ready')).status).toBe(503);
});

test('a flood of probes asks a part a few times', async () => {
  let asked = 0;
  const ready = async () => {
    asked += 1;
    return true;
  };
  const get = await serve([part('database', ready)]);
  await Promise.all(Array.from({ length: 200 }, () => get('/health/ready')));
  expect(asked).toBeLessThanOrEqual(20);
});

test('a part answers its own routes beside those of every process', async () => {
  const body = { state: 'healthy' };
  const routes: Part['routes'] = {
    '/health/rollup': async ({ query }) => ({ status: 200, body: { ...body, ...query } }),
  };
  const get = await serve([{ ...part('gateway', async () => true), routes }]);
  const { status, body: given } = await get('/health/rollup?full=yes');
  expect([status, JSON.parse(given)]).toEqual([200, { state: 'healthy', full: 'yes' }]);
  expect((await get('/nowhere')).status).toBe(404);
});

test('a part that throws or never answers makes the process not ready, not the probe', async () => {
  const get = await serve([
    part('broken', async () => Promise.reject(new Error('no database'))),
    part('stuck', () => new Promise(() => {})),
  ]);
  const { status, body } = await get('/health/ready');
  expect([status, JSON.parse(body)]).toEqual([
    503,
    { status: 'not ready', parts: { broken: false, stuck: false } },
  ]);
});

test('a process without parts yet is alive but not ready', async () => {
  const get = await serve([]);
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/health/ready')).status).toBe(503);
});

test('metrics are served as Prometheus text', async () => {
  const get = await serve([]);
  const { status, body } = await get('/metrics');
  expect(status).toBe(200);
  expect(body).toContain('# TYPE simplebank_operation_duration_seconds histogram');
  expect(body).toContain('simplebank_nodejs_eventloop_lag_seconds');
});

test('whoever begins a request and never ends it is cut off', async () => {
  const operations = createOperations({
    host: '127.0.0.1',
    port: 0,
    variable: 'ORDERS_OPERATIONS_PORT',
    parts: () => [],
  });
  await operations.start();
  const socket = connect(Number(new URL(operations.url).port), '127.0.0.1');
  try {
    socket.resume();
    socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\nx-slow: ');
    await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
  } finally {
    socket.destroy();
    await operations.close();
  }
}, 15_000);
