import { Socket } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { afterEach, expect, test, vi } from 'vitest';
import { federation } from '../../gateways/federation/src/app.ts';
import { mobile } from '../../gateways/mobile/src/app.ts';
import { web } from '../../gateways/web/src/app.ts';
import { startAlone } from './support/lone-gateway.ts';

afterEach(() => vi.restoreAllMocks());

const studio = 'https://studio.apollographql.com';
const ask = (url: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

test('Sandbox and Studio may ask the federation gateway when that is switched on', async () => {
  const url = await startAlone(federation, { APOLLO_STUDIO: 'on' });
  const preflight = await fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: studio, 'access-control-request-method': 'POST' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe(studio);
  const answer = await ask(url, getIntrospectionQuery(), { origin: studio });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, studio]);
  expect((await answer.json()).data.__schema.queryType).toMatchObject({ name: 'Query' });
});

test('without the switch no page of theirs may read an answer', async () => {
  const url = await startAlone(federation);
  const answer = await ask(url, '{ __typename }', { origin: studio });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('without an APOLLO_KEY no gateway calls anybody but its subgraphs', async () => {
  const called: unknown[] = [];
  const connect = Socket.prototype.connect;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args) {
    called.push(...args.flat(2));
    return Reflect.apply(connect, this, args);
  });
  const none = { APOLLO_KEY: '', APOLLO_GRAPH_REF: '' };
  const urls = [
    await startAlone(federation, none),
    await startAlone(web, none),
    await startAlone(mobile, none),
  ];
  for (const url of urls) await (await ask(url, '{ marketClock { isOpen } }')).text();
  const hosts = called.flatMap((one) =>
    typeof one === 'object' && one && 'host' in one ? [String(one.host)] : [],
  );
  expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
});
