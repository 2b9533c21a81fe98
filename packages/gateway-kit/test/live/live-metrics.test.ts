import { metrics } from '@simplebank/chassis/metrics';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { greet, notes, openEvents, subscribe } from './clients.ts';
import { type LiveBank, openLiveBank } from './live-bank.ts';

let bank: LiveBank;
afterEach(() => bank.close());
const patient = { timeout: 20_000, interval: 20 };

async function counted(name: string, label: Readonly<Record<string, string>>): Promise<number> {
  const { values } = (await metrics.getSingleMetric(`simplebank_live_${name}`)?.get()) ?? {};
  const [[key, of] = ['', '']] = Object.entries(label);
  return values?.find(({ labels }) => labels[key] === of)?.value ?? 0;
}
const held = async () => [
  await counted('held', { what: 'connection' }),
  await counted('held', { what: 'stream' }),
];
const dropped = (reason: string) => counted('dropped_total', { reason });

test('operators see what is held open, over both protocols', async () => {
  bank = await openLiveBank();
  const token = await bank.mint.token('c1');
  const socket = await greet(bank.url, token);
  for (const id of ['1', '2']) socket.send(subscribe(id));
  const events = await openEvents(bank.url, { query: notes }, { authorization: `Bearer ${token}` });
  await expect.poll(held, patient).toEqual([2, 3]);
  socket.send({ id: '1', type: 'complete' });
  await expect.poll(held, patient).toEqual([2, 2]);
  socket.close();
  events.cut();
  await expect.poll(held, patient).toEqual([0, 0]);
});

test('operators see streams that ended with the session of whoever followed', async () => {
  bank = await openLiveBank({ bounds: { checkEveryMs: 20 } });
  const nobody = await dropped('nobody');
  const socket = await greet(bank.url, await bank.mint.token('c1'));
  socket.send(subscribe('1'));
  await expect.poll(held, patient).toEqual([1, 1]);
  bank.revoked.add('s1');
  await expect.poll(() => dropped('nobody'), patient).toBe(nobody + 1);
  socket.close();
});

test('operators see clients that gave no sign of life any more', async () => {
  bank = await openLiveBank({ bounds: { pingEveryMs: 50 } });
  const silent = await dropped('silent');
  const url = bank.url.replace(/^http/, 'ws');
  const mute = new WebSocket(url, 'graphql-transport-ws', { autoPong: false });
  await new Promise((resolve) => mute.once('close', resolve));
  expect(await dropped('silent')).toBe(silent + 1);
});

test('operators see clients dropped because they are too slow', async () => {
  bank = await openLiveBank({ bounds: { slowAfterMs: 100 } });
  bank.journal.push(...Array.from({ length: 400 }, () => 'x'.repeat(100_000)));
  const token = await bank.mint.token('c1');
  const before = await dropped('slow');
  const socket = await greet(bank.url, token);
  socket.raw.pause();
  socket.send(subscribe('1', notes, { after: '0' }));
  await expect.poll(() => dropped('slow'), patient).toBe(before + 1);
  socket.close();
  const body = { query: notes, variables: { after: '0' } };
  const events = await openEvents(bank.url, body, { authorization: `Bearer ${token}` });
  await expect.poll(() => dropped('slow'), patient).toBe(before + 2);
  events.cut();
});
