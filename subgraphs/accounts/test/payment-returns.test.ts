import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
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
import { paid, shownPayment } from './support/payments.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

/** Lets the simulated provider confirm what is under way, and take back what it takes back. */
async function passReturns(): Promise<void> {
  await passPayments(bank);
  bank.clock.advance(2_000);
  await bank.runJob('advance-payments');
}

/** A deposit that has arrived and will be taken back. */
async function arrives(account: TestAccount, amount: string): Promise<string> {
  const id = await paid(bank, account, { kind: 'Deposit', amount, reference: 'RETURN' });
  await passPayments(bank);
  return id;
}
const takeBack = async () => {
  bank.clock.advance(2_000);
  await bank.runJob('advance-payments');
};

const eventsOf = async (id: string) =>
  (await bank.published())
    .filter(({ aggregateId }) => aggregateId === id)
    .map(({ type, aggregateVersion }) => `${type} ${aggregateVersion}`);

async function entriesOf(paymentId: string): Promise<string[]> {
  const rows = await bank.deps.db.entry.findMany({
    where: { transaction: { paymentId, kind: { in: ['RETURN', 'DEBT_REPAID'] } } },
    include: { ledgerAccount: true, transaction: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(
    ({ amount, ledgerAccount, transaction }) =>
      `${transaction.kind} ${ledgerAccount.kind} ${amount.toFixed(2)}`,
  );
}

describe('a deposit that is taken back', () => {
  test('leaves the account again, is told of with its reason, and stands in the feed', async () => {
    const account = await anAccount(bank, '50');
    const id = await arrives(account, '250');
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '300.00' });
    await takeBack();
    await takeBack();

    expect(await shownPayment(bank, id)).toEqual({
      ...{ status: 'RETURNED', failureReason: null, returnReason: 'TAKEN_BACK_BY_PROVIDER' },
      ...{ returnedAt: expect.any(String), endedAt: expect.any(String) },
    });
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'ACTIVE', posted: '50.00', withdrawable: '50.00', debt: '0.00' },
    });
    expect(await entriesOf(id)).toEqual(['RETURN cash -250.00', 'RETURN bank 250.00']);
    expect(await eventsOf(id)).toEqual([
      'accounts.payment-created.v1 1',
      'accounts.payment-completed.v1 2',
      'accounts.payment-returned.v1 3',
    ]);
    const told = await bank.published('accounts.payment-returned.v1');
    expect(told.at(-1)?.payload).toMatchObject({
      ...{ paymentId: id, kind: 'DEPOSIT', amount: '250', reason: 'TAKEN_BACK_BY_PROVIDER' },
    });
    const acts = await bank.deps.db.audit.findMany({
      where: { subject: id },
      orderBy: { id: 'asc' },
    });
    expect(acts.map(({ command, actor, reason }) => [command, actor, reason])).toEqual([
      ['createDeposit', account.ownerId, null],
      ['completePayment', 'payment-provider', null],
      ['returnPayment', 'payment-provider', 'TAKEN_BACK_BY_PROVIDER'],
    ]);
    const feed = await bank.as(account.viewer)(
      `query ($id: ID!) { account(id: $id) {
         activities(first: 2) { nodes { kind paymentId amount { amount } } } } }`,
      { id: account.id },
    );
    expect(feed.data?.['account']).toEqual({
      activities: {
        nodes: [
          { kind: 'RETURN', paymentId: id, amount: { amount: '-250.00' } },
          { kind: 'DEPOSIT', paymentId: id, amount: { amount: '250.00' } },
        ],
      },
    });
  });

  test('takes what is available; the rest is a debt that limits the account', async () => {
    const account = await anAccount(bank);
    const id = await arrives(account, '100');
    // 70 of it are promised to an order and stay so.
    await deliver(bank, created(anOrder(account.id), '70'));
    await takeBack();
    expect(await balancesOf(bank, account)).toEqual({
      ...{ status: 'LIMITED', posted: '70.00', held: '70.00', available: '0.00' },
      ...{ unsettled: '0.00', withdrawable: '0.00', debt: '70.00' },
    });
    expect(await entriesOf(id)).toEqual([
      'RETURN cash -30.00',
      'RETURN debt -70.00',
      'RETURN bank 100.00',
    ]);

    await deposit(bank, account, '69.99');
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED', debt: '0.01' });
    await deposit(bank, account, '10');
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'ACTIVE', available: '9.99', debt: '0.00' },
    });
  });

  test('is all debt when nothing is available, also of a frozen account', async () => {
    const account = await anAccount(bank);
    await arrives(account, '100');
    await paid(bank, account, { kind: 'Withdrawal', amount: '100' });
    await bank.runJob('advance-payments');
    const act = (command: string) =>
      bank.as(operations)(
        `mutation ($input: ${command}Input!) {
           ${command.charAt(0).toLowerCase()}${command.slice(1)}(input: $input) { __typename } }`,
        { input: { accountId: account.id, reason: 'test' } },
      );
    await act('FreezeAccount');
    await passReturns();
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'FROZEN', posted: '0.00', held: '0.00', debt: '100.00' },
    });
    await act('UnfreezeAccount');
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED' });
  });

  test('is repaid from money that a failed withdrawal gives back', async () => {
    const account = await anAccount(bank);
    await arrives(account, '100.99');
    await paid(bank, account, { kind: 'Withdrawal', amount: '40.99', reference: 'FAIL' });
    // The return comes first: what the withdrawal holds is not available.
    await takeBack();
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED', debt: '40.99' });
    await passPayments(bank);
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'ACTIVE', posted: '0.00', held: '0.00', debt: '0.00' },
    });
  });
});

describe('a withdrawal that comes back', () => {
  test('is on the account again', async () => {
    const account = await anAccount(bank, '100');
    const id = await paid(bank, account, {
      ...{ kind: 'Withdrawal', amount: '60', reference: 'RETURN' },
    });
    await passPayments(bank);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '40.00', held: '0.00' });
    await takeBack();
    expect(await shownPayment(bank, id)).toMatchObject({ status: 'RETURNED' });
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ posted: '100.00', held: '0.00', withdrawable: '100.00' },
    });
    expect(await entriesOf(id)).toEqual(['RETURN cash 60.00', 'RETURN bank -60.00']);
    expect(await eventsOf(id)).toContain('accounts.payment-returned.v1 3');
  });

  test('repays a debt first', async () => {
    const account = await anAccount(bank);
    await arrives(account, '100');
    const id = await paid(bank, account, {
      ...{ kind: 'Withdrawal', amount: '100', reference: 'RETURN' },
    });
    await passPayments(bank);
    bank.clock.advance(500);
    await bank.runJob('advance-payments');
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED', debt: '100.00' });
    await takeBack();
    expect(await entriesOf(id)).toEqual([
      ...['RETURN cash 100.00', 'RETURN bank -100.00'],
      ...['DEBT_REPAID cash -100.00', 'DEBT_REPAID debt 100.00'],
    ]);
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'ACTIVE', posted: '0.00', debt: '0.00' },
    });
  });
});

test('payments are listed by kind and status, page by page', async () => {
  const account = await anAccount(bank, '100');
  const returned = await arrives(account, '30');
  await takeBack();
  await paid(bank, account, { kind: 'Withdrawal', amount: '1' });
  const list = async (filter: object | null) => {
    const answer = await bank.as(account.viewer)(
      `query ($id: ID!, $filter: PaymentFilter) { account(id: $id) {
         payments(filter: $filter, first: 10) { nodes { id kind status } } } }`,
      { id: account.id, filter },
    );
    type Shown = { payments: { nodes: { id: string; kind: string; status: string }[] } };
    const { payments } = resultOf<Shown>(answer, 'account');
    return payments.nodes.map(({ kind, status }) => `${kind} ${status}`);
  };
  const all = ['WITHDRAWAL CREATED', 'DEPOSIT RETURNED', 'DEPOSIT COMPLETED'];
  expect(await list(null)).toEqual(all);
  expect(await list({})).toEqual(all);
  expect(await list({ kinds: ['DEPOSIT'] })).toEqual(all.slice(1));
  expect(await list({ statuses: ['RETURNED', 'RETURNED', 'CREATED'] })).toEqual(all.slice(0, 2));
  expect(await list({ kinds: ['WITHDRAWAL'], statuses: ['RETURNED'] })).toEqual([]);
  expect(await list({ kinds: [] })).toEqual([]);
  expect(await shownPayment(bank, returned)).toMatchObject({ status: 'RETURNED' });
});
