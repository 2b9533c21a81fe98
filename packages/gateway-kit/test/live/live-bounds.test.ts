import { afterEach, describe, expect, test } from 'vitest';
import { greet, notes, openEvents, openSocket, type Socket, subscribe } from './clients.ts';
import { type LiveBank, type LiveBankOptions, openLiveBank } from './live-bank.ts';

let bank: LiveBank;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await bank.close();
});
const openBank = async (bounds: NonNullable<LiveBankOptions['bounds']>) => {
  bank = await openLiveBank({ bounds });
};
const kept = (socket: Socket): Socket => {
  sockets.push(socket);
  return socket;
};
const customer = async (id = 'c1') => kept(await greet(bank.url, await bank.mint.token(id)));
const patient = { timeout: 10_000, interval: 20 };
const codeOf = async (socket: Socket) => {
  const { type, payload } = await socket.next();
  return [type, payload[0].extensions.code];
};

describe('live updates stay within bounds', () => {
  test('of streams on one connection', async () => {
    await openBank({ streamsPerConnectionMax: 2 });
    const socket = await customer();
    for (const id of ['1', '2', '3']) socket.send(subscribe(id));
    expect(await codeOf(socket)).toEqual(['error', 'RATE_LIMITED']);
  });

  test('of streams of one customer on all connections; one that ends makes room', async () => {
    await openBank({ streamsPerPrincipalMax: 2 });
    const [one, other] = [await customer(), await customer()];
    one.send(subscribe('1'));
    one.send(subscribe('2'));
    await expect.poll(() => bank.accounts.calls.length, patient).toBeGreaterThanOrEqual(2);
    other.send(subscribe('1'));
    expect(await codeOf(other)).toEqual(['error', 'RATE_LIMITED']);
    const stranger = await customer('c2');
    bank.journal.push('one');
    stranger.send(subscribe('1', notes, { after: '0' }));
    expect((await stranger.next()).type).toBe('next');
    one.close();
    await expect
      .poll(async () => {
        other.send(subscribe('again', notes, { after: '0' }));
        return (await other.next()).type;
      }, patient)
      .toBe('next');
  });

  test('of connections: one more is told to come later, over either protocol', async () => {
    await openBank({ connectionsMax: 1 });
    await customer();
    const authorization = `Bearer ${await bank.mint.token('c1')}`;
    const events = await openEvents(bank.url, { query: notes }, { authorization });
    expect([events.status, events.headers.get('retry-after')]).toEqual([503, '5']);
    const refused = kept(openSocket(bank.url));
    const status = await new Promise((resolve) =>
      refused.raw.once('unexpected-response', (_, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(503);
  });

  test('of a message', async () => {
    await openBank({ messageBytesMax: 1_000 });
    const socket = await customer();
    socket.send(subscribe('1', `${notes} # ${'x'.repeat(1_000)}`));
    expect((await socket.closed).code).toBe(1009);
  });

  test('of the time to say who one is', async () => {
    await openBank({ initWithinMs: 50 });
    expect((await kept(openSocket(bank.url)).closed).code).toBe(4408);
  });

  test('of what is no protocol of ours, or another address', async () => {
    await openBank({});
    const elsewhere = kept(openSocket(bank.url.replace('/graphql', '/other')));
    const status = await new Promise((resolve) =>
      elsewhere.raw.once('unexpected-response', (_, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(404);
    const early = kept(openSocket(bank.url));
    await new Promise((resolve) => early.raw.once('open', resolve));
    early.send(subscribe('1'));
    expect((await early.closed).code).toBe(4401);
  });
});

/** More than the buffers of any connection hold. */
const largeNotes = () => Array.from({ length: 400 }, () => 'x'.repeat(100_000));

describe('a client that does not take what it is told', () => {
  test('is dropped over WebSocket, and nothing is read for it meanwhile', async () => {
    await openBank({ slowAfterMs: 200 });
    bank.journal.push(...largeNotes());
    const socket = await customer();
    socket.raw.pause();
    socket.send(subscribe('1', notes, { after: '0' }));
    const dropped = () => bank.lines.find(({ message }) => message === 'live ended');
    await expect.poll(dropped, patient).toBeDefined();
    // A page has 20 notes: what the buffers of the connection took, and not the other thousands.
    expect(bank.accounts.calls.length).toBeLessThan(20);
  });

  test('is dropped over server-sent events', async () => {
    await openBank({ slowAfterMs: 200, connectionsMax: 1 });
    bank.journal.push(...largeNotes());
    const authorization = `Bearer ${await bank.mint.token('c1')}`;
    const body = { query: notes, variables: { after: '0' } };
    const slow = await openEvents(bank.url, body, { authorization });
    expect(slow.status).toBe(200);
    const statusNow = async () => {
      const events = await openEvents(bank.url, body, { authorization });
      events.cut();
      return events.status;
    };
    await expect.poll(statusNow, patient).toBe(200);
    expect(bank.accounts.calls.length).toBeLessThan(40);
    slow.cut();
  });
});
