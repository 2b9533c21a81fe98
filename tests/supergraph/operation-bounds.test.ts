import { expect, test } from 'vitest';
import { federation } from '../../gateways/federation/src/app.ts';
import { web } from '../../gateways/web/src/app.ts';
import { startAlone } from './support/lone-gateway.ts';

async function send(url: string, body: unknown) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const { data, errors } = await response.json();
  return { status: response.status, data, error: errors?.[0] };
}

const page = (first: number | string, inner: string) =>
  `ordersPage(first: ${first}) { nodes { ${inner} } }`;
const executions = 'executions(first: 100) { id price { amount } }';

test('lists within lists are refused by what they may cost, not by their shape', async () => {
  const url = await startAlone(web);
  const query = `query ($n: Int!) { accounts { ${page('$n', executions)} } }`;
  const { status, data, error } = await send(url, { query, variables: { n: 100 } });
  expect([status, data]).toEqual([400, undefined]);
  // Five accounts, each with a page of a hundred orders of a hundred executions.
  const cost = 5 * (1 + 1 + 100 * (1 + 100));
  expect(error).toMatchObject({
    message: `This operation may cost ${cost} points; at most 20000 are answered.`,
    extensions: { code: 'COST_EXCEEDED', cost, costMax: 20_000, requestId: expect.any(String) },
  });
  const short = await send(url, { query, variables: { n: 10 } });
  expect(short.error.extensions.code).toBe('UNAUTHENTICATED');
});

test('the maximum of an operation can be set for each gateway', async () => {
  const url = await startAlone(web, { GRAPHQL_COST_MAX: '30' });
  const { error } = await send(url, { query: '{ assets(first: 31) { nodes { id } } }' });
  expect(error.extensions).toMatchObject({ code: 'COST_EXCEEDED', cost: 32, costMax: 30 });
});

const names = (n: number, field: string) =>
  Array.from({ length: n }, (_, index) => `a${index}: ${field}`).join(' ');
const deep = (levels: number): string =>
  levels === 0 ? 'id' : `orders { account { ${deep(levels - 1)} } }`;

test.each([
  ['deep', `{ accounts { ${deep(8)} } }`],
  ['wide', `{ ${names(25, 'marketClock { isOpen }')} }`],
  ['aliased', `{ marketClock { ${names(40, 'isOpen')} } }`],
  ['circular', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
  [
    'circular in one',
    'query { accounts { ...A } } fragment A on Account { orders { account { ...A } } }',
  ],
  ['over-long', `{ ${'marketClock { isOpen } '.repeat(700)} }`],
  ['over-long by its comment', `{ __typename } # ${'x'.repeat(40_000)}`],
  ['decorated', `{ marketClock { isOpen ${'@skip(if: false) '.repeat(40)} } }`],
  [
    'multiplied by introspection',
    `{ __schema { types { fields { type { fields { type {
    fields { type { fields { name } } } } } } } } } }`,
  ],
])('an operation that is %s is a 400 on every graph, and runs nothing', async (_, query) => {
  for (const url of [await startAlone(web), await startAlone(federation)]) {
    const { status, data, error } = await send(url, { query });
    expect([status, data]).toEqual([400, undefined]);
    expect(error.extensions.code).toMatch(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
  }
});

test('several operations in one request are refused, however they are sent', async () => {
  const url = await startAlone(web);
  const batch = Array.from({ length: 100 }, () => ({ query: '{ __typename }' }));
  const many = 'query A { __typename } query B { __typename }';
  expect((await send(url, batch)).status).toBe(400);
  expect((await send(url, { query: many })).error.extensions).toMatchObject({
    code: 'BAD_INPUT',
    field: 'operationName',
  });
});

test('a body beyond the bound is cut off, and a packed one is not unpacked', async () => {
  const url = await startAlone(web);
  const large = await send(url, { query: '{ __typename }', variables: { a: 'x'.repeat(300_000) } });
  expect([large.status, large.error.extensions.code]).toEqual([413, 'BAD_INPUT']);
  const packed = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: new Uint8Array([0x1f, 0x8b, 8, 0]),
  });
  expect(packed.status).toBe(400);
});

test('with introspection off neither the schema nor a guess of its names is answered', async () => {
  const url = await startAlone(web, { GRAPHQL_INTROSPECTION: 'off' });
  for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Account") { name } }']) {
    expect(await send(url, { query })).toMatchObject({
      status: 400,
      error: { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    });
  }
  const { error } = await send(url, { query: '{ acounts { id } }' });
  expect(error.message).toBe('Cannot query field "acounts" on type "Query".');
});
