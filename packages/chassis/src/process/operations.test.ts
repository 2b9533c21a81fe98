import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createOperations, type Operations } from './operations.ts';
import type { Part } from './process.ts';

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
  const after = await get('/health/ready');
  expect([after.status, JSON.parse(after.body)]).toEqual([
    200,
    { status: 'ready', parts: { door: true, worker: true } },
  ]);
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
  expect(body).toContain('nodejs_eventloop_lag_seconds');
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
