import { afterEach, describe, expect, test } from 'vitest';
import { idOf } from '../../src/operations/persisted.ts';
import { type Events, greet, notes, openEvents } from './clients.ts';
import { type LiveBank, type LiveBankOptions, openLiveBank } from './live-bank.ts';

let bank: LiveBank;
const open: Events[] = [];
afterEach(async () => {
  for (const events of open.splice(0)) events.cut();
  await bank.close();
});
const openBank = async (options: LiveBankOptions = {}) => {
  bank = await openLiveBank(options);
};
async function follow(body: object, headers: object = {}): Promise<Events> {
  const authorization = `Bearer ${await bank.mint.token('c1')}`;
  const events = await openEvents(bank.url, body, { authorization, ...headers });
  open.push(events);
  return events;
}
const told = (text: string, cursor: number) => ({
  event: 'next',
  id: String(cursor),
  data: JSON.stringify({ data: { notes: { text, cursor: String(cursor) } } }),
});

describe('a subscription over server-sent events', () => {
  test('tells what has happened since a cursor, which is the id of the event', async () => {
    await openBank();
    bank.journal.push('one', 'two');
    const events = await follow({ query: notes, variables: { after: '1' } });
    expect(events.status).toBe(200);
    expect(events.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(events.headers.get('cache-control')).toBe('no-store');
    expect(events.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(await events.next()).toEqual(told('two', 2));
    await bank.write('three');
    expect(await events.next()).toEqual(told('three', 3));
  });

  test('goes on after the id that a browser brings when it connects again', async () => {
    await openBank();
    bank.journal.push('one', 'two', 'three');
    const body = { query: notes, variables: { after: '0' } };
    const events = await follow(body, { 'last-event-id': '2' });
    expect(await events.next()).toEqual(told('three', 3));
  });

  test('answers a query, too, and ends', async () => {
    await openBank();
    const events = await follow({ query: '{ assetsNamed(assetIds: ["AAA"]) { price } }' });
    const data = JSON.stringify({ data: { assetsNamed: [{ price: '1.00' }] } });
    expect(await events.next()).toEqual({ event: 'next', data });
    expect(await events.next()).toEqual({ event: 'complete', data: '' });
    expect(await events.next()).toBeNull();
  });

  test('ends with the reason once the session has ended', async () => {
    await openBank({ bounds: { checkEveryMs: 20 } });
    const events = await follow({ query: notes });
    bank.revoked.add('s1');
    const { errors } = JSON.parse((await events.next())?.['data'] ?? '');
    expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect(await events.next()).toEqual({ event: 'complete', data: '' });
  });

  test('is refused by status before anything is told', async () => {
    await openBank();
    const statuses = async (body: object, headers: object = {}) =>
      (await follow(body, headers)).status;
    expect(await statuses({ query: notes }, { authorization: 'Bearer a.b.c' })).toBe(401);
    expect(await statuses({ query: 'subscription {' })).toBe(400);
    expect(await statuses({})).toBe(400);
  });

  test('does not run where a plain answer is asked for', async () => {
    await openBank();
    const events = await follow({ query: notes }, { accept: 'application/json' });
    expect(events.status).toBe(400);
  });
});

test('a closing gateway ends streams so that clients connect to another one', async () => {
  await openBank();
  const events = await follow({ query: notes });
  const socket = await greet(bank.url, await bank.mint.token('c1'));
  await bank.closeDoor();
  expect(await events.next()).toBeNull();
  expect((await socket.closed).code).toBe(1001);
});

test('where ids only are answered a subscription has one, too, over both protocols', async () => {
  await openBank({ persisted: { manifest: new Map([[idOf(notes), notes]]), texts: false } });
  bank.journal.push('one');
  const extensions = { persistedQuery: { version: 1, sha256Hash: idOf(notes) } };
  const variables = { after: '0' };
  const events = await follow({ extensions, variables });
  expect(await events.next()).toEqual(told('one', 1));
  expect((await follow({ query: `${notes} ` })).status).toBe(403);
  const socket = await greet(bank.url, await bank.mint.token('c1'));
  socket.send({ id: '1', type: 'subscribe', payload: { query: '', extensions, variables } });
  const data = { notes: { text: 'one', cursor: '1' } };
  expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data } });
  socket.send({ id: '2', type: 'subscribe', payload: { query: `${notes} `, variables } });
  const { payload } = await socket.next();
  expect(payload[0].extensions.code).toBe('PERSISTED_OPERATIONS_ONLY');
  socket.close();
});
