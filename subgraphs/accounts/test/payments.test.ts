import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aCustomer,
  anAccount,
  anOrder,
  balancesOf,
  created,
  deliver,
  deposit,
  passPayments,
  resultOf,
  type TestAccount,
} from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

type Kind = 'Deposit' | 'Withdrawal';
const create = (kind: Kind) => `mutation ($input: Create${kind}Input!) {
  create${kind}(input: $input) {
    __typename
    ... on Create${kind}Success { payment { id number status amount { amount currency } } }
    ... on Create${kind}Refusal { code } } }`;

type Created = { readonly code?: string; readonly payment?: { id: string; number: string } };

async function pay(kind: Kind, account: TestAccount, input: object): Promise<Created> {
  const answer = await bank.as(account.viewer)(create(kind), {
    input: { accountId: account.id, idempotencyKey: randomUUID(), ...input },
  });
  return resultOf<Created>(answer, `create${kind}`);
}

const stateOf = async (account: TestAccount, id: string) => {
  const answer = await bank.as(account.viewer)(
    'query ($id: ID!) { payment(id: $id) { status failureReason } }',
    { id },
  );
  return answer.data?.['payment'];
};

const eventsOf = async (id: string) =>
  (await bank.published())
    .filter(({ aggregateId }) => aggregateId === id)
    .map(({ type, aggregateVersion }) => [type, aggregateVersion]);

describe('a deposit', () => {
  test('is created, submitted, confirmed later, and only then in the account', async () => {
    const account = await anAccount(bank);
    const { payment } = await pay('Deposit', account, { amount: '250.00' });
    const id = payment?.id ?? '';
    expect(payment).toEqual({
      ...payment,
      status: 'CREATED',
      amount: { amount: '250.00', currency: 'USD' },
    });
    await bank.runJob('advance-payments');
    await bank.runJob('advance-payments');
    expect(await stateOf(account, id)).toEqual({ status: 'SUBMITTED', failureReason: null });
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '0.00' });

    bank.clock.advance(300);
    await bank.runJob('advance-payments');
    await bank.runJob('advance-payments');
    expect(await stateOf(account, payment?.number ?? '')).toEqual({
      status: 'COMPLETED',
      failureReason: null,
    });
    expect(await balancesOf(bank, account)).toEqual({
      status: 'ACTIVE',
      posted: '250.00',
      held: '0.00',
      available: '250.00',
      unsettled: '0.00',
      withdrawable: '250.00',
      debt: '0.00',
    });
    expect(await eventsOf(id)).toEqual([
      ['accounts.payment-created.v1', 1],
      ['accounts.payment-completed.v1', 2],
    ]);
  });

  test('is booked once when two workers learn of it at once', async () => {
    const account = await anAccount(bank);
    await pay('Deposit', account, { amount: '10' });
    await bank.runJob('advance-payments');
    bank.clock.advance(1_000);
    await Promise.all(Array.from({ length: 4 }, () => bank.runJob('advance-payments')));
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '10.00' });
  });

  test('that the provider refuses fails and books nothing', async () => {
    const account = await anAccount(bank);
    const { payment } = await pay('Deposit', account, { amount: '5.99', reference: 'FAIL' });
    await passPayments(bank);
    expect(await stateOf(account, payment?.id ?? '')).toEqual({
      status: 'FAILED',
      failureReason: 'REFUSED_BY_PROVIDER',
    });
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '0.00' });
    expect(await eventsOf(payment?.id ?? '')).toEqual([
      ['accounts.payment-created.v1', 1],
      ['accounts.payment-failed.v1', 2],
    ]);
  });

  test('100 equal requests make one payment; another body with the key is refused', async () => {
    const account = await anAccount(bank);
    const input = { amount: '1.00', idempotencyKey: 'hundred' };
    const asked = Array.from({ length: 100 }, () => pay('Deposit', account, input));
    const ids = new Set((await Promise.all(asked)).map(({ payment }) => payment?.id));
    expect([ids.size, ids.has(undefined)]).toEqual([1, false]);
    expect(await bank.deps.db.payment.count({ where: { accountId: account.id } })).toBe(1);
    expect(await pay('Deposit', account, { ...input, amount: '2.00' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test.each([
    ['0', 'AMOUNT_NOT_POSITIVE'],
    ['-5', 'AMOUNT_NOT_POSITIVE'],
    ['0.001', 'AMOUNT_PRECISION'],
    ['1000000.01', 'AMOUNT_ABOVE_LIMIT'],
  ])('of %s is refused: %s', async (amount, code) => {
    const account = await anAccount(bank);
    const before = (await bank.published()).length;
    expect(await pay('Deposit', account, { amount })).toMatchObject({ code });
    expect(await bank.published()).toHaveLength(before);
  });

  test("into a frozen account is refused, into another customer's there is none", async () => {
    const account = await anAccount(bank);
    await bank.as(operations)(
      `mutation ($input: FreezeAccountInput!) { freezeAccount(input: $input) { __typename } }`,
      { input: { accountId: account.id, reason: 'test' } },
    );
    expect(await pay('Deposit', account, { amount: '1' })).toMatchObject({
      code: 'ACCOUNT_STATUS',
    });
    const mallory = await aCustomer(bank, 'Mallory');
    const { errors } = await bank.as(mallory.viewer)(create('Deposit'), {
      input: { accountId: account.id, amount: '1', idempotencyKey: 'x' },
    });
    expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.accountId' });
  });

  test('in letters, as a float or in a foreign currency is bad input with its field', async () => {
    const account = await anAccount(bank);
    for (const [extra, field] of [
      [{ amount: 'ten' }, 'input.amount'],
      [{ amount: 10 }, 'input.amount'],
      [{ amount: '1e3' }, 'input.amount'],
      [{ amount: '1', currency: 'EUR' }, 'input.currency'],
    ] as const) {
      const { errors } = await bank.as(account.viewer)(create('Deposit'), {
        input: { accountId: account.id, idempotencyKey: 'k', ...extra },
      });
      expect(errors?.[0]?.extensions?.['code']).toBe('BAD_INPUT');
      expect(String(errors?.[0]?.extensions?.['field'])).toContain(field);
    }
  });
});

describe('a withdrawal', () => {
  test('is held at once and leaves when the provider confirms', async () => {
    const account = await anAccount(bank, '100');
    const { payment } = await pay('Withdrawal', account, { amount: '60' });
    expect(await balancesOf(bank, account)).toMatchObject({
      posted: '100.00',
      held: '60.00',
      withdrawable: '40.00',
    });
    await passPayments(bank);
    expect(await stateOf(account, payment?.id ?? '')).toMatchObject({ status: 'COMPLETED' });
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '40.00', held: '0.00' });
  });

  test('above what is withdrawable is refused, however many ask at once', async () => {
    const account = await anAccount(bank, '100');
    const asked = Array.from({ length: 8 }, () => pay('Withdrawal', account, { amount: '30' }));
    const codes = (await Promise.all(asked)).map(({ code }) => code ?? 'accepted').sort();
    expect(codes).toEqual([...Array(5).fill('INSUFFICIENT_FUNDS'), ...Array(3).fill('accepted')]);
    expect(await balancesOf(bank, account)).toMatchObject({ held: '90.00' });
  });

  test('that the provider refuses gives its money back', async () => {
    const account = await anAccount(bank, '100');
    await pay('Withdrawal', account, { amount: '9.99', reference: 'FAIL' });
    await passPayments(bank);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '0.00' });
  });

  test('can be canceled until it is sent, and gives its money back', async () => {
    const account = await anAccount(bank, '100');
    const { payment } = await pay('Withdrawal', account, { amount: '70' });
    const cancel = async (key: string) => {
      const answer = await bank.as(account.viewer)(
        `mutation ($input: CancelPaymentInput!) { cancelPayment(input: $input) {
           ... on CancelPaymentSuccess { payment { status } }
           ... on CancelPaymentRefusal { code } } }`,
        { input: { paymentId: payment?.id, idempotencyKey: key } },
      );
      return answer.data?.['cancelPayment'];
    };
    expect(await cancel('a')).toEqual({ payment: { status: 'CANCELED' } });
    expect(await cancel('a')).toEqual({ payment: { status: 'CANCELED' } });
    expect(await cancel('b')).toEqual({ code: 'NOT_CANCELABLE' });
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '0.00' });
    await passPayments(bank);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '0.00' });
  });

  test('cannot take what orders hold', async () => {
    const account = await anAccount(bank, '100');
    await deliver(bank, created(anOrder(account.id), '80'));
    expect(await pay('Withdrawal', account, { amount: '30' })).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
    });
  });
});

test('payments are paged, newest first, to their owner only', async () => {
  const account = await anAccount(bank);
  for (const amount of ['1', '2', '3']) await deposit(bank, account, amount);
  const query = `query ($id: ID!, $first: Int, $after: String) { account(id: $id) {
    payments(first: $first, after: $after) {
      edges { cursor node { amount { amount } kind } }
      nodes { amount { amount } kind } pageInfo { hasNextPage endCursor } } } }`;
  type Page = {
    readonly payments: {
      edges: { cursor: string; node: object }[];
      nodes: object[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    };
  };
  const ask = bank.as(account.viewer);
  const first = resultOf<Page>(await ask(query, { id: account.id, first: 2 }), 'account');
  expect(first.payments).toEqual({
    edges: first.payments.nodes.map((node) => ({ cursor: expect.any(String), node })),
    nodes: ['3.00', '2.00'].map((amount) => ({ amount: { amount }, kind: 'DEPOSIT' })),
    pageInfo: { hasNextPage: true, endCursor: first.payments.edges.at(-1)?.cursor },
  });
  const after = first.payments.pageInfo.endCursor;
  const second = resultOf<Page>(await ask(query, { id: account.id, first: 2, after }), 'account');
  expect([second.payments.nodes.length, second.payments.pageInfo.hasNextPage]).toEqual([1, false]);
  const { viewer } = await aCustomer(bank, 'Mallory');
  const stranger = await bank.as(viewer)(query, { id: account.id });
  expect(stranger).toEqual({ data: { account: null } });

  for (const [field, bad] of Object.entries({ first: 101, after: 'bjEy' })) {
    const { errors } = await ask(query, { id: account.id, [field]: bad });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
  }
});
