import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fastify from 'fastify';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { openTo } from '../src/http/openings.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
afterEach(() => bank.close());

const ours = 'https://app.example';
const ask = (body: object, headers: Record<string, string> = {}) =>
  request(`${bank.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('no page of another origin may read an answer, unless its origin is configured', async () => {
  bank = await openBank();
  const closed = await ask({ query: '{ __typename }' }, { origin: ours });
  expect(Object.keys(closed.headers).filter((name) => name.includes('allow'))).toEqual([]);
  await bank.close();

  bank = await openBank({ corsOrigins: [ours] });
  const open = await ask({ query: '{ __typename }' }, { origin: ours });
  expect(open.headers).toMatchObject({
    'access-control-allow-origin': ours,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': expect.stringMatching(/etag.*location.*retry-after/),
  });
  const refused = await ask({ query: '{' }, { origin: ours, authorization: 'Bearer no.to.ken' });
  expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([401, ours]);
  for (const origin of ['https://evil.example', 'https://app.example.evil.test', 'null']) {
    const { headers } = await ask({ query: '{ __typename }' }, { origin });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('a preflight is answered for a configured origin without a token', async () => {
  bank = await openBank({ corsOrigins: [ours] });
  const preflight = (origin: string) =>
    request(`${bank.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const { statusCode, headers } = await preflight(ours);
  expect([statusCode, headers['access-control-allow-origin']]).toEqual([204, ours]);
  expect(headers['access-control-allow-headers']).toContain('authorization');
  const other = await preflight('https://evil.example');
  expect(other.headers['access-control-allow-origin']).toBeUndefined();
});

test('a large answer is packed as the caller understands, a small one never', async () => {
  bank = await openBank({ introspection: true });
  const large = { query: '{ crowd { id name again: name } }' };
  const plain = await (await ask(large)).body.text();
  expect(plain.length).toBeGreaterThan(1_024);
  for (const [encoding, unpack] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const { headers, body } = await ask(large, { 'accept-encoding': encoding });
    expect([headers['content-encoding'], headers['vary']]).toEqual([
      encoding,
      expect.stringContaining('accept-encoding'),
    ]);
    const packed = Buffer.from(await body.arrayBuffer());
    expect(packed.length).toBeLessThan(plain.length / 2);
    expect(unpack(packed).toString()).toBe(plain);
  }
  const small = await ask({ query: '{ __typename }' }, { 'accept-encoding': 'br, gzip' });
  expect(small.headers['content-encoding']).toBeUndefined();
});

test('packed bytes bear a weak tag, and a stream of events is never packed', async () => {
  bank = await openBank();
  const app = fastify();
  await openTo(app, {});
  const large = JSON.stringify('x'.repeat(2_000));
  app.get('/large', async (_, reply) =>
    reply.header('etag', '"t"').type('application/json').send(large),
  );
  app.get('/events', async (_, reply) =>
    reply.type('text/event-stream').send(Readable.from([large])),
  );
  const get = async (url: string, encoding: string) => {
    const { headers } = await app.inject({ url, headers: { 'accept-encoding': encoding } });
    return [headers['content-encoding'], headers.etag];
  };
  expect(await get('/large', 'br')).toEqual(['br', 'W/"t"']);
  expect(await get('/large', 'identity')).toEqual([undefined, '"t"']);
  expect(await get('/events', 'br')).toEqual([undefined, undefined]);
  await app.close();
});

test('a time is told with answers in development, and nowhere else', async () => {
  bank = await openBank({ timings: true });
  const timed = await ask({ query: '{ __typename }' });
  expect(timed.headers['server-timing']).toMatch(/^gateway;dur=\d+\.\d$/);
  await bank.close();
  bank = await openBank();
  expect((await ask({ query: '{ __typename }' })).headers['server-timing']).toBeUndefined();
});

/** Bytes as no client library would send them; answers the status line. */
const sendRaw = (lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(bank.url);
    const socket = connect(Number(port), hostname, () => socket.write(lines.join('\r\n')));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes('\r\n')) socket.destroy();
    });
    socket.on('close', () => resolve(text.split('\r\n', 1)[0] ?? ''));
    socket.on('error', reject);
  });

const body = JSON.stringify({ query: '{ crowd { id } }' });
const head = [
  'POST /graphql HTTP/1.1',
  'host: bank.example',
  'content-type: application/json',
  `content-length: ${body.length}`,
  'connection: close',
];

test.each([
  ['a bare line feed', 'x-forwarded-for: 10.0.0.1\nx-simplebank-assertion: forged'],
  ['a bare carriage return', 'x-forwarded-host: bank\rx-evil: 1'],
  ['a null byte', 'x-forwarded-proto: https\0http'],
  ['a folded line', 'x-forwarded-for: 10.0.0.1\r\n x-evil: 1'],
  ['a blank before the colon', 'x-forwarded-for : 10.0.0.1'],
  ['a second length', 'content-length: 3'],
  ['a length beside chunks', 'transfer-encoding: chunked'],
])('%s in a forwarded header is a 400 that no subgraph hears of', async (_, header) => {
  bank = await openBank();
  expect(await sendRaw([...head, header, '', body])).toMatch(/^HTTP\/1\.1 400 /);
  expect(bank.accounts.calls).toEqual([]);
});

test('the same bytes without an injection are answered', async () => {
  bank = await openBank();
  const status = await sendRaw([...head, 'x-forwarded-for: 10.0.0.1', '', body]);
  expect(status).toBe('HTTP/1.1 200 OK');
  const [call] = bank.accounts.calls;
  expect(call?.headers['x-forwarded-for']).toBeUndefined();
});
