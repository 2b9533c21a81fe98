import { afterEach, describe, expect, test } from 'vitest';
import { greet, notes, openSocket, type Socket, subscribe } from './clients.ts';
import { type LiveBank, type LiveBankOptions, openLiveBank } from './live-bank.ts';

let bank: LiveBank;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await bank.close();
});

const openBank = async (options: LiveBankOptions = {}) => {
  bank = await openLiveBank(options);
};
const kept = (socket: Socket): Socket => {
  sockets.push(socket);
  return socket;
};
const customer = async () => kept(await greet(bank.url, await bank.mint.token('c1')));
const told = (id: string, text: string, cursor: number) => ({
  ...{ id, type: 'next' },
  payload: { data: { notes: { text, cursor: String(cursor) } } },
});

/** Waits until the stub was asked so often. */
const asked = (times: number) =>
  expect.poll(() => bank.accounts.calls.length, patient).toBeGreaterThanOrEqual(times);
const patient = { timeout: 10_000, interval: 20 };

describe('a subscription over WebSocket', () => {
  test('tells what happens from now on, in order and once', async () => {
    await openBank();
    bank.journal.push('before');
    const socket = await customer();
    socket.send(subscribe('1'));
    await asked(2);
    await bank.write('one', 'two');
    expect(await socket.next()).toEqual(told('1', 'one', 2));
    expect(await socket.next()).toEqual(told('1', 'two', 3));
    await bank.write('three');
    expect(await socket.next()).toEqual(told('1', 'three', 4));
  });

  test('goes on after a cursor, however much has happened meanwhile', async () => {
    await openBank();
    const texts = Array.from({ length: 53 }, (_, nth) => `note ${nth}`);
    bank.journal.push(...texts);
    const socket = await customer();
    socket.send(subscribe('1', notes, { after: '3' }));
    for (const [nth, text] of texts.entries()) {
      if (nth >= 3) expect(await socket.next()).toEqual(told('1', text, nth + 1));
    }
  });

  test('misses nothing when no signal comes', async () => {
    await openBank({ bounds: { pollEveryMs: 20 } });
    const socket = await customer();
    socket.send(subscribe('1', notes, { after: '0' }));
    await asked(1);
    bank.journal.push('quiet');
    expect(await socket.next()).toEqual(told('1', 'quiet', 1));
  });

  test('takes aliases, fragments and default values, and asks for nothing else', async () => {
    await openBank();
    bank.journal.push('one', 'two');
    const socket = await customer();
    const query = `subscription Named(
      $account: ID! = "mine", $from: String = "1", $no: Boolean = true) { ...Root }
      fragment Root on Subscription { news: notes(accountId: $account, after: $from) {
        ...Told breaks @skip(if: $no) } }
      fragment Told on Note { said: text __typename }`;
    socket.send(subscribe('1', query));
    const { payload } = await socket.next();
    expect(payload).toEqual({ data: { news: { said: 'two', __typename: 'Note' } } });
  });

  test('of the latest tells it at once and again when it has changed', async () => {
    await openBank();
    const socket = kept(await greet(bank.url));
    socket.send(subscribe('1', '{ __typename }'));
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    socket.send(subscribe('2', 'subscription { quotes(assetIds: ["AAA", "BBB"]) { price } }'));
    const first = await socket.next();
    expect(first.payload.data.quotes).toEqual([{ price: '1.00' }, { price: '2.00' }]);
    bank.prices.BBB = '2.50';
    const answer = socket.next();
    let told = false;
    void answer.then(() => {
      told = true;
    });
    await expect
      .poll(async () => {
        await bank.announce('Asset:BBB');
        return told;
      }, patient)
      .toBe(true);
    expect((await answer).payload.data.quotes).toEqual([{ price: '1.00' }, { price: '2.50' }]);
  });

  test('outlives a subgraph that is away for a moment', async () => {
    await openBank();
    const socket = await customer();
    socket.send(subscribe('1', notes, { after: '0' }));
    await asked(1);
    bank.accounts.mood = 'breaks';
    await bank.write('through trouble');
    const troubled = () => bank.lines.some(({ message }) => String(message).includes('not answer'));
    await expect.poll(troubled, patient).toBe(true);
    bank.accounts.mood = 'well';
    expect(await socket.next()).toEqual(told('1', 'through trouble', 1));
  });

  test('is refused in words when it cannot be', async () => {
    await openBank();
    const socket = await customer();
    const refusals = [
      [`subscription { notes(accountId: "other") { text } }`, 'NOT_FOUND'],
      [`subscription { notes(accountId: "mine") { nothing } }`, 'GRAPHQL_VALIDATION_FAILED'],
      [`subscription($s: Boolean!) { notes(accountId: "mine") @skip(if: $s) { text } }`, null],
      ['subscription {', 'GRAPHQL_PARSE_FAILED'],
    ] as const;
    for (const [nth, [query, code]] of refusals.entries()) {
      socket.send(subscribe(String(nth), query, { s: false }));
      const answer = await socket.next();
      expect(answer).toMatchObject({ id: String(nth), type: 'error' });
      const [{ extensions }] = answer.payload;
      if (code) expect(extensions.code).toBe(code);
      expect(extensions.requestId).toMatch(/^[\w-]{36}$/);
    }
  });
});

describe('who follows', () => {
  test('is told nothing of an account without a token, and needs a good one', async () => {
    await openBank();
    const nobody = kept(await greet(bank.url));
    nobody.send(subscribe('1'));
    const { type, payload } = await nobody.next();
    expect([type, payload[0].extensions.code]).toEqual(['error', 'UNAUTHENTICATED']);
    const forged = kept(openSocket(bank.url));
    await new Promise((resolve) => forged.raw.once('open', resolve));
    forged.send({ type: 'connection_init', payload: { authorization: 'Bearer a.b.c' } });
    expect(await forged.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  test('is told nothing more once the session has ended', async () => {
    await openBank({ bounds: { checkEveryMs: 20 } });
    const socket = await customer();
    socket.send(subscribe('1'));
    await asked(1);
    bank.revoked.add('s1');
    const { id, type, payload } = await socket.next();
    expect([id, type, payload[0].extensions.code]).toEqual(['1', 'error', 'UNAUTHENTICATED']);
    expect((await socket.closed).code).toBe(4401);
    await bank.write('secret');
  });

  test('is told nothing more once the token has expired', async () => {
    let aheadMs = 0;
    const clock = { now: () => new Date(Date.now() + aheadMs) };
    await openBank({ bounds: { checkEveryMs: 20 }, clock });
    const socket = await customer();
    socket.send(subscribe('1'));
    await asked(1);
    aheadMs = 600_000;
    const { type, payload } = await socket.next();
    expect([type, payload[0].extensions.code]).toEqual(['error', 'UNAUTHENTICATED']);
    expect((await socket.closed).code).toBe(4401);
  });

  test('by cookie is a page of ours: another origin cannot open a socket with it', async () => {
    await openBank({ browser: { origins: ['https://app.test'], secureCookies: false } });
    const cookie = `simplebank-access=${await bank.mint.token('c1')}`;
    const init = async (origin: string) => {
      const socket = kept(openSocket(bank.url, { cookie, origin }));
      await new Promise((resolve) => socket.raw.once('open', resolve));
      socket.send({ type: 'connection_init' });
      return socket;
    };
    const foreign = await init('https://evil.test');
    expect((await foreign.closed).code).toBe(4403);
    const ours = await init('https://app.test');
    expect(await ours.next()).toEqual({ type: 'connection_ack' });
    ours.send(subscribe('1', notes, { after: '0' }));
    await asked(1);
    await bank.write('for the owner');
    expect(await ours.next()).toEqual(told('1', 'for the owner', 1));
  });
});
