import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, anOrder, completed, created, deliver, filled } from './builders.ts';
import { earn } from './ledger-builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { aBuy, reversed } from './support/corrections.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

type Told = { readonly accountId: string; readonly transactionId: string; readonly amount: string };

/** What others are told about one account that no payment, trade or dividend tells. */
async function toldOf(accountId: string) {
  const events = await bank.published('accounts.cash-corrected.v1');
  return events
    .map((event) => event.payload as Told & { bookedOn: string; currency: string })
    .filter((payload) => payload.accountId === accountId);
}

/** An execution that costs 70 with its fee, for which 50 of 100 were held. */
async function anException() {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '100' });
  const order = anOrder(account.id);
  await deliver(bank, created(order, '50'));
  await deliver(bank, filled(order, { value: '69', commission: '1' }), completed(order, 1));
  const { orderId } = order;
  const { id } = await bank.deps.db.bookingException.findFirstOrThrow({ where: { orderId } });
  return { account, id };
}

const decide = (exceptionId: string, kind: string) =>
  bank.as(operations)(
    `mutation ($input: ResolveBookingExceptionInput!) { resolveBookingException(input: $input) {
       __typename } }`,
    { input: { exceptionId, kind, reason: 'agreed', idempotencyKey: randomUUID() } },
  );

test('a reversal tells by what the customer has more, once, with its day in New York', async () => {
  const account = await anAccount(bank, '100');
  const transactionId = await aBuy(bank, account);
  const { transaction } = await reversed(bank, {
    ...{ transactionId, part: 'COMMISSION', reason: 'too dear' },
  });
  expect(await toldOf(account.id)).toEqual([
    {
      ...{ accountId: account.id, transactionId: transaction?.id, amount: '1', currency: 'USD' },
      bookedOn: new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(
        bank.deps.clock.now(),
      ),
    },
  ]);
});

test('an execution that is left to staff is told as not paid, until it is paid', async () => {
  const { account, id } = await anException();
  expect(await toldOf(account.id)).toMatchObject([{ transactionId: id, amount: '70' }]);
  await decide(id, 'BOOKED_TO_CUSTOMER');
  const told = await toldOf(account.id);
  expect(told).toMatchObject([{ amount: '70' }, { amount: '-70' }]);
  expect(told[1]?.transactionId).not.toBe(id);
});

test.each(['BOOKED_TO_HOUSE', 'DISMISSED'])(
  '%s: the customer never pays, nothing more is told',
  async (kind) => {
    const { account, id } = await anException();
    await decide(id, kind);
    expect(await toldOf(account.id)).toMatchObject([{ transactionId: id, amount: '70' }]);
  },
);
