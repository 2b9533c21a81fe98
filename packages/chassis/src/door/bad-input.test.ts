import { expect, test } from 'vitest';
import { alice, lines, type Post, post, signer, useDoor } from '../../test/sample-door.ts';
import { runs } from '../../test/sample-graph.ts';
import { assertionHeader } from './auth.ts';

const { door, ask } = await useDoor();

test('a malformed body is a 4xx with a reason', async () => {
  const headers = { [assertionHeader]: await signer.sign(alice, 'orders') };
  const cases: [Post, number, string][] = [
    [{ body: '{"query":' }, 400, 'The body is not valid JSON.'],
    [{ body: '' }, 400, 'The body is empty; expected a JSON object.'],
    [{ body: '{}' }, 400, 'POST body missing, invalid Content-Type, or JSON object has no keys.'],
    [{ body: '{"query":"{"}' }, 400, 'Syntax Error: Expected Name, found <EOF>.'],
    [{ body: '{"query":"{ nothing }"}' }, 400, 'Cannot query field "nothing" on type "Query".'],
    [{ body: `{"query":"{ whoAmI }${' '.repeat(1_100_000)}"}` }, 413, 'The body is too large.'],
    [
      { body: 'query=1', headers: { 'content-type': 'text/plain' } },
      415,
      'Expected content-type application/json.',
    ],
  ];
  for (const [request, status, message] of cases) {
    const answer = await post(door, { ...request, headers: { ...headers, ...request.headers } });
    expect([answer.status, answer.body.errors[0].message]).toEqual([status, message]);
  }
  expect(runs).toEqual([]);
});

test.each([
  ['query ($q: Decimal!) { twice(quantity: $q) }', { q: 1.5 }, 'q'],
  ['query ($q: Decimal!) { twice(quantity: $q) }', {}, 'q'],
  ['{ twice(quantity: "1e5") }', {}, 'quantity'],
  ['{ twice(quantity: 1.5) }', {}, 'quantity'],
  ['{ twice(quantity: "1", first: "x") }', {}, 'first'],
  [
    'mutation ($i: BuyInput!) { buy(input: $i) { __typename } }',
    { i: { quantity: 'ten' } },
    'i.quantity',
  ],
  ['mutation ($i: BuyInput!) { buy(input: $i) { __typename } }', { i: {} }, 'i.quantity'],
  ['mutation ($q: Decimal!) { buy(input: { quantity: $q }) { __typename } }', { q: 'x' }, 'q'],
  ['mutation { buy(input: { quantity: "-" }) { __typename } }', {}, 'input.quantity'],
  ['mutation { buy(input: { name: "x" }) { __typename } }', {}, 'input.quantity'],
])(
  'a value that does not fit is BAD_INPUT and names its field: %s %j',
  async (query, variables, field) => {
    const { status, body } = await ask(query, { variables });
    expect(status).toBe(400);
    expect(body.errors.map(({ extensions }: { extensions: object }) => extensions)).toEqual([
      { code: 'BAD_INPUT', field },
    ]);
    expect(runs).toEqual([]);
  },
);

test('a refused value is not repeated in the answer', async () => {
  const query = 'mutation ($i: BuyInput!) { buy(input: $i) { __typename } }';
  const { body } = await ask(query, { variables: { i: { quantity: 'my-pass-word' } } });
  expect(body.errors[0].message).toBe('Expected a decimal string such as "12.50".');
});

test('an argument that turns out to be null when its field runs is BAD_INPUT', async () => {
  const { body } = await ask('query ($f: Int) { page(first: $f) }', { variables: { f: null } });
  expect(body.errors[0].extensions).toEqual({ code: 'BAD_INPUT', field: 'first' });
  expect(lines().filter(({ levelname }) => levelname === 'ERROR')).toEqual([]);
});
