import { once } from 'node:events';
import { connect, type Socket as Wire } from 'node:net';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared, type Shared } from '@simplebank/chassis/shared';
import { afterEach, expect, test } from 'vitest';
import { limitsOf } from '../limits/settings.ts';
import { greet, notes, openEvents, openSocket, type Socket, subscribe } from './clients.ts';
import { type LiveBank, type LiveBankOptions, openLiveBank } from './live-bank.ts';

let bank: LiveBank;
const ends: (() => void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await bank.close();
});
const openBank = async (options: LiveBankOptions = {}) => {
  bank = await openLiveBank(options);
};
const kept = (socket: Socket): Socket => {
  ends.push(socket.close);
  return socket;
};
const patient = { timeout: 20_000, interval: 20 };
/** What an attempt took is given back before the next one. */
const unhurried = { timeout: 20_000, interval: 200 };
const customer = async (id = 'c1') => kept(await greet(bank.url, await bank.mint.token(id)));
const headersOf = async (id = 'c1') => ({ authorization: `Bearer ${await bank.mint.token(id)}` });

/** Whether one more stream finds a place. */
async function statusOfOneMore(headers: Readonly<Record<string, string>>): Promise<number> {
  const events = await openEvents(bank.url, { query: notes }, headers);
  events.cut();
  return events.status;
}

const requestText = (query: string, more = '') => {
  const body = JSON.stringify({ query });
  const type = 'accept: text/event-stream\r\ncontent-type: application/json';
  const size = `content-length: ${body.length}`;
  return `POST /graphql HTTP/1.1\r\nhost: bank\r\n${more}${type}\r\n${size}\r\n\r\n${body}`;
};
function wire(): Wire {
  const { port, hostname } = new URL(bank.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('error', () => {});
  ends.push(() => socket.destroy());
  return socket;
}

test('whoever goes before its stream has begun leaves no place taken', async () => {
  const log = createLogger({ service: 'test', destination: { write: () => undefined } });
  const memory = createMemoryShared({ log });
  const held: (() => void)[] = [];
  let holds = true;
  const shared: Shared = {
    ...memory,
    limiter: (options) => {
      const limiter = memory.limiter(options);
      return {
        ...limiter,
        async take(key, points) {
          if (holds) await new Promise<void>((resolve) => held.push(resolve));
          return limiter.take(key, points);
        },
      };
    },
  };
  await openBank({ shared, limits: limitsOf(), bounds: { connectionsMax: 1 } });
  const headers = await headersOf();
  const gone = wire();
  gone.write(requestText(notes, `authorization: ${headers.authorization}\r\n`));
  await expect.poll(() => held.length, patient).toBeGreaterThanOrEqual(1);
  gone.destroy();
  await fetch(bank.url.replace('/graphql', '/ping'));
  holds = false;
  for (const release of held) release();
  await expect.poll(() => statusOfOneMore(headers), patient).toBe(200);
});

test('streams that are queued behind each other on one connection take no places', async () => {
  await openBank({ bounds: { connectionsMax: 3 } });
  const headers = await headersOf();
  const line = wire();
  const quotes = 'subscription { quotes(assetIds: ["AAA"]) { price } }';
  const asked = '{ assetsNamed(assetIds: ["AAA"]) { price } }';
  line.write([quotes, asked, asked, quotes, quotes, asked].map((one) => requestText(one)).join(''));
  await once(line, 'data');
  expect(await statusOfOneMore(headers)).toBe(200);
  line.destroy();
  await expect
    .poll(async () => {
      const three = await Promise.all(
        [1, 2, 3].map(() => openEvents(bank.url, { query: notes }, headers)),
      );
      for (const each of three) each.cut();
      return three.map(({ status }) => status);
    }, unhurried)
    .toEqual([200, 200, 200]);
});

test('a cursor that is none takes no place for ever', async () => {
  await openBank({ bounds: { streamsPerPrincipalMax: 2 } });
  const socket = await customer();
  for (const id of ['1', '2', '3', '4']) {
    socket.send(subscribe(id, notes, { after: 7 }));
    const { payload } = await socket.next();
    expect(payload[0].extensions.code).toBe('BAD_INPUT');
  }
  bank.journal.push('one');
  socket.send(subscribe('5', notes, { after: '0' }));
  expect((await socket.next()).type).toBe('next');
});

test('names used again in a storm leave no stream behind when the connection ends', async () => {
  await openBank({ bounds: { streamsPerPrincipalMax: 20, pollEveryMs: 20 } });
  const storm = await customer();
  for (let n = 0; n < 200; n += 1) {
    storm.send(subscribe('same'));
    storm.send({ id: 'same', type: 'complete' });
  }
  for (let n = 0; n < 5; n += 1) {
    storm.send(subscribe('same'));
    if (n < 4) storm.send({ id: 'same', type: 'complete' });
  }
  await expect.poll(() => bank.accounts.calls.length, patient).toBeGreaterThanOrEqual(1);
  storm.raw.close();
  await storm.closed;
  await expect
    .poll(async () => {
      const before = bank.accounts.arrived;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return bank.accounts.arrived - before;
    }, patient)
    .toBe(0);
});

test('an IPv6 network is one caller, however many addresses it has', async () => {
  const limits = limitsOf({ trustedProxies: 1 });
  await openBank({ limits, bounds: { streamsPerPrincipalMax: 1 } });
  const quotes = 'subscription { quotes(assetIds: ["AAA"]) { price } }';
  const from = async (address: string) => {
    const events = await openEvents(bank.url, { query: quotes }, { 'x-forwarded-for': address });
    ends.push(events.cut);
    return events.status;
  };
  const addresses = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:3::1'];
  const statuses = [];
  for (const address of addresses) statuses.push(await from(address));
  expect(statuses).toEqual([200, 429, 200]);
});

test('one address cannot take all connections', async () => {
  const limits = limitsOf({ trustedProxies: 1 });
  await openBank({ limits, bounds: { connectionsMax: 10, connectionsPerAddressMax: 2 } });
  const open = async (address: string) => {
    const socket = kept(openSocket(bank.url, { 'x-forwarded-for': address }));
    const refused = once(socket.raw, 'unexpected-response').then(([, response]) => response);
    const opened = once(socket.raw, 'open').then(() => null);
    const response = await Promise.race([refused, opened]);
    return response && [response.statusCode, response.headers['retry-after']];
  };
  const one = '203.0.113.1';
  expect([await open(one), await open(one)]).toEqual([null, null]);
  expect(await open(one)).toEqual([429, '5']);
  expect(await open('203.0.113.2')).toBeNull();
  const headers = { 'x-forwarded-for': one };
  const events = await openEvents(bank.url, { query: notes }, headers);
  expect([events.status, events.headers.get('retry-after')]).toEqual([429, '5']);
});

test('a long name used twice ends its connection with that reason', async () => {
  await openBank();
  const socket = await customer();
  const name = 'ä'.repeat(1_000);
  socket.send(subscribe(name));
  socket.send(subscribe(name));
  expect((await socket.closed).code).toBe(4409);
  expect(bank.lines.filter(({ level }) => level === 'ERROR')).toEqual([]);
});

test('a refused connection is cut, also when the other side keeps it open', async () => {
  await openBank();
  const line = wire();
  line.write(
    'GET /other HTTP/1.1\r\nhost: bank\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  );
  line.resume();
  await once(line, 'end');
  const closed = new Promise((resolve) => line.once('close', resolve));
  const writing = setInterval(() => line.write('still here'), 20);
  ends.push(() => clearInterval(writing));
  await closed;
});

test('an address whose tokens are refused again and again is not listened to', async () => {
  await openBank({ limits: limitsOf() });
  const init = async (token: string) => {
    const socket = kept(openSocket(bank.url));
    await once(socket.raw, 'open');
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    const answer = await Promise.race([socket.next(), socket.closed]);
    return 'code' in answer ? answer.code : answer.type;
  };
  const good = await bank.mint.token('c1');
  const bad = { authorization: 'Bearer a.b.c' };
  for (let n = 0; n < 999; n += 1) {
    const { status, body } = await fetch(bank.url, { method: 'POST', headers: bad });
    await body?.cancel();
    expect(status).toBe(401);
  }
  expect(await init(good)).toBe('connection_ack');
  for (const _ of [1, 2]) expect(await init('a.b.c')).toBe(4401);
  expect(await init(good)).toBe(1013);
}, 60_000);
