import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Investor, newInvestor } from './people.ts';
import { rowCounts } from './rows.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let ina: Investor;
let stranger: Investor;

beforeAll(async () => {
  bank = await startWholeBank();
  [ina, stranger] = await Promise.all([
    newInvestor(bank.web, '500.00'),
    newInvestor(bank.web, '500.00'),
  ]);
});
afterAll(() => bank?.close());

type Answer = {
  readonly data?: Record<string, { __typename?: string; code?: string }> | null;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
};

async function post(body: string, headers: Readonly<Record<string, string>> = ina.door.headers) {
  const response = await fetch(ina.door.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}

const placeText = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
  __typename ... on PlaceOrderRefusal { code } } }`;
const order = (changes: object) => ({
  accountId: ina.accountId,
  assetId: 'AAPL',
  side: 'BUY',
  type: 'MARKET',
  quantity: '1',
  idempotencyKey: 'bad',
  ...changes,
});
const place = (changes: object) =>
  post(JSON.stringify({ query: placeText, variables: { input: order(changes) } }));

/** What the caller is told: the code of an error with its field, or the code of a refusal. */
function told({ answer }: { answer: Answer }) {
  const [error] = answer.errors ?? [];
  if (error) return { code: error.extensions?.['code'], field: error.extensions?.['field'] };
  return { code: answer.data?.['placeOrder']?.code, field: undefined };
}

const deposit = (amount: string) =>
  post(
    JSON.stringify({
      query: `mutation($input: CreateDepositInput!) { createDeposit(input: $input) {
        __typename ... on CreateDepositRefusal { code } } }`,
      variables: { input: { accountId: ina.accountId, amount, idempotencyKey: 'bad-deposit' } },
    }),
  );

describe('bad input is told with its field or its code, and writes nothing', () => {
  test.each([
    ['a negative quantity', { quantity: '-1' }, { code: 'QUANTITY_NOT_POSITIVE' }],
    ['a malformed decimal', { quantity: '1e3' }, { code: 'BAD_INPUT', field: 'input.quantity' }],
    ['a number instead of text', { quantity: 1.5 }, { code: 'BAD_INPUT', field: 'input.quantity' }],
    ['ten decimals', { quantity: '0.0000000001' }, { code: 'QUANTITY_PRECISION' }],
    ['an unknown side', { side: 'HOLD' }, { code: 'BAD_INPUT', field: 'input.side' }],
    ['an unknown asset', { assetId: 'NOPE' }, { code: 'ASSET_NOT_TRADABLE' }],
    [
      'an over-long key',
      { idempotencyKey: 'k'.repeat(129) },
      { code: 'BAD_INPUT', field: 'input.idempotencyKey' },
    ],
    ['a price off the tick', { type: 'LIMIT', limitPrice: '10.001' }, { code: 'PRICE_OFF_TICK' }],
  ])('%s', async (_, changes, expected) => {
    const before = await rowCounts(bank);
    expect(told(await place(changes))).toEqual(expected);
    expect(await rowCounts(bank)).toEqual(before);
  });

  test("another customer's account and an unknown one are the same NOT_FOUND", async () => {
    const before = await rowCounts(bank);
    const foreign = told(await place({ accountId: stranger.accountId }));
    const unknown = told(await place({ accountId: '00000000-0000-4000-8000-000000000009' }));
    expect(foreign.code).toBe('NOT_FOUND');
    expect(unknown).toEqual(foreign);
    expect(await rowCounts(bank)).toEqual(before);
  });

  test.each([
    ['-5.00', 'AMOUNT_NOT_POSITIVE'],
    ['5.001', 'AMOUNT_PRECISION'],
  ])('a deposit of %s is refused with %s', async (amount, code) => {
    const before = await rowCounts(bank);
    const { answer } = await deposit(amount);
    expect(answer.data?.['createDeposit']?.code).toBe(code);
    expect(await rowCounts(bank)).toEqual(before);
  });

  test('a forged token is 401, and no token sees no account', async () => {
    const forged = { authorization: `${ina.door.headers['authorization']}x` };
    const query = JSON.stringify({ query: '{ accounts { id } }' });
    const { status, answer } = await post(query, forged);
    expect({ status, code: answer.errors?.[0]?.extensions?.['code'] }).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
    });
    const anonymous = await post(query, {});
    expect(anonymous.answer.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['malformed JSON', '{"query": '],
    ['malformed GraphQL', '{"query": "{ accounts { "}'],
    ['an unknown field', '{"query": "{ accounts { secret } }"}'],
    ['no query at all', '{}'],
  ])('%s is a 4xx with a reason', async (_, body) => {
    const { status, answer } = await post(body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answer.errors?.[0]?.message).toEqual(expect.stringMatching(/.{10,}/));
  });
});
