import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLogger } from '@simplebank/chassis/logging';
import { openShared } from '@simplebank/chassis/shared';
import { describe, expect, test } from 'vitest';
import { greet, notes, subscribe } from './clients.ts';
import { openLiveBank, supergraphOf } from './live-bank.ts';

const patient = { timeout: 10_000, interval: 20 };

test('a stream lives on while its gateway loads another graph', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'live-'));
  const file = join(folder, 'supergraph.graphql');
  await writeFile(file, supergraphOf());
  const bank = await openLiveBank({ supergraphSdl: pathToFileURL(file) });
  try {
    const socket = await greet(bank.url, await bank.mint.token('c1'));
    socket.send(subscribe('1', notes, { after: '0' }));
    await expect.poll(() => bank.accounts.calls.length, patient).toBeGreaterThanOrEqual(1);
    await writeFile(file, supergraphOf('later: String'));
    const query = '{ notesSince(accountId: "mine", first: 1) { nodes { later } } }';
    const reloaded = async () => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query });
      const answer = await fetch(bank.url, { method: 'POST', headers, body });
      return (await answer.text()).includes('GRAPHQL_VALIDATION_FAILED');
    };
    await expect.poll(reloaded, patient).toBe(false);
    await bank.write('after the reload');
    const { payload } = await socket.next();
    expect(payload.data.notes).toEqual({ text: 'after the reload', cursor: '1' });
    socket.close();
  } finally {
    await bank.close();
    await rm(folder, { recursive: true });
  }
}, 30_000);

const redisUrl = process.env['REDIS_URL'];

describe.skipIf(!redisUrl)('on Redis', () => {
  test("one instance's event reaches the clients of all", async () => {
    const log = createLogger({ service: 'test', destination: { write: () => {} } });
    const prefix = `live_${process.pid}`;
    const share = () => openShared({ redisUrl, prefix, log });
    const [first, second] = [await share(), await share()];
    const bank = await openLiveBank({ shared: first });
    const other = await bank.open(second);
    await other.start();
    try {
      const token = await bank.mint.token('c1');
      const socket = await greet(`${other.url}/graphql`, token);
      socket.send(subscribe('1', notes, { after: '0' }));
      await expect.poll(() => bank.accounts.calls.length, patient).toBeGreaterThanOrEqual(1);
      await bank.write('from the first');
      const { payload } = await socket.next();
      expect(payload.data.notes).toEqual({ text: 'from the first', cursor: '1' });
      socket.close();
    } finally {
      await other.close();
      await bank.close();
      await Promise.all([first.close(), second.close()]);
    }
  });
});
