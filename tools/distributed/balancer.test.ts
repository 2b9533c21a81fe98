import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../bank/client.ts';
import { type Balancer, openBalancer } from './balancer.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Stub = { readonly url: string; readonly server: Server; seen: number };

/** Stands for an instance: ready, and answering what `answer` says. */
async function openStub(answer: RequestListener): Promise<Stub> {
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      response.end('{}');
      return;
    }
    stub.seen += 1;
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    seen: 0,
  };
  closers.push(() => end(stub));
  return stub;
}

async function end({ server }: Stub): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

async function openOver(stubs: readonly Stub[]): Promise<Balancer> {
  const balancer = await openBalancer(0);
  closers.push(balancer.close);
  for (const { url } of stubs) balancer.add({ url, operationsUrl: url });
  return balancer;
}

const post = (url: string) => fetch(url, { method: 'POST', body: 'asked' });
const fine: RequestListener = (_request, response) => response.end('fine');

/** Until every target was found to be ready. */
const untilAllTakeTurns = (balancer: Balancer, count: number) =>
  waitFor('a turn for each', async () => {
    await post(balancer.url).then((answer) => answer.text());
    const given = Object.values(balancer.given());
    return given.length === count && given.every((each) => each > 0) ? true : null;
  });

test('one caller on one connection is spread over all instances', async () => {
  const stubs = [await openStub(fine), await openStub(fine)];
  const balancer = await openOver(stubs);
  await untilAllTakeTurns(balancer, 2);
  const before = stubs.map(({ seen }) => seen);
  for (let nth = 0; nth < 10; nth += 1)
    expect(await (await post(balancer.url)).text()).toBe('fine');
  expect(stubs.map(({ seen }, at) => seen - (before[at] ?? 0))).toEqual([5, 5]);
});

test('an instance that ended costs no request: the next one has it', async () => {
  const stubs = [await openStub(fine), await openStub(fine)];
  const balancer = await openOver(stubs);
  await untilAllTakeTurns(balancer, 2);
  if (stubs[0]) await end(stubs[0]);
  const statuses = [];
  for (let nth = 0; nth < 6; nth += 1) statuses.push((await post(balancer.url)).status);
  expect(statuses).toEqual(Array(6).fill(200));
});

test('a request whose answer was lost is told as 502 and never sent to another', async () => {
  const cut: RequestListener = (request) => request.socket.destroy();
  const stubs = [await openStub(cut), await openStub(cut)];
  const balancer = await openOver(stubs);
  const status = await waitFor('a first target', async () => {
    const answer = await post(balancer.url);
    return answer.status === 503 ? null : answer.status;
  });
  expect(status).toBe(502);
  expect(stubs.map(({ seen }) => seen).sort()).toEqual([0, 1]);
});

test('without any instance the answer is 503, at once', async () => {
  const balancer = await openOver([]);
  const answer = await post(balancer.url);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
});
