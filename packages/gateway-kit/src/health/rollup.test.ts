import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createRollup } from './rollup.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A process whose health can be asked; stopped, nobody answers there. */
async function aProcess() {
  const server: Server = createServer((_, response) => response.end('{}'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  closers.push(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function aBank() {
  const [assets, market, notifications] = await Promise.all([aProcess(), aProcess(), aProcess()]);
  const rollup = createRollup({
    name: 'web',
    subgraphUrls: {
      assets: `${assets.url}/graphql`,
      notifications: `${notifications.url}/graphql`,
    },
    operationsUrls: { market: market.url },
  });
  closers.push(rollup.close);
  const asked = async () =>
    (await rollup.routes['/health/rollup']({ query: {}, headers: {} })).body;
  return { assets, market, notifications, asked };
}

test('all processes up are a healthy bank', async () => {
  const { asked } = await aBank();
  expect(await asked()).toMatchObject({ status: 'healthy' });
});

test('market, which has no door, makes the rollup unhealthy when it is down (OPS-69)', async () => {
  const { market, asked } = await aBank();
  await market.stop();
  expect(await asked()).toMatchObject({
    status: 'unhealthy',
    processes: expect.arrayContaining([{ name: 'market', class: 'critical', status: 'down' }]),
  });
});

test.each(['assets', 'notifications'] as const)(
  '%s makes the rollup degraded when it is down',
  async (name) => {
    const bank = await aBank();
    await bank[name].stop();
    expect(await bank.asked()).toMatchObject({ status: 'degraded' });
  },
);
