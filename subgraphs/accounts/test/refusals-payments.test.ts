import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { anAccount, anOrder, created, deliver, type TestAccount } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { paid, parked, resolveNotice } from './support/payments.ts';
import { runWith, scriptedProvider } from './support/provider.ts';
import { type RefusalCase, testRefusals } from './support/refusals.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const of = (account: TestAccount, amount: string, idempotencyKey: string = randomUUID()) => ({
  viewer: account.viewer,
  input: { accountId: account.id, amount, idempotencyKey },
});
const ofAmount =
  (amount: string): RefusalCase =>
  async (given) =>
    of(await anAccount(given, '100'), amount);

const frozen: RefusalCase = async (given) => {
  const account = await anAccount(given, '100');
  await given.as(operations)(
    `mutation ($input: FreezeAccountInput!) { freezeAccount(input: $input) { __typename } }`,
    { input: { accountId: account.id, reason: 'test' } },
  );
  return of(account, '1');
};
const reused =
  (kind: 'Deposit' | 'Withdrawal'): RefusalCase =>
  async (given) => {
    const account = await anAccount(given, '100');
    const key = randomUUID();
    const asked = { kind, amount: '1', idempotencyKey: key };
    await paid(given, account, asked);
    return of(account, '2', key);
  };

const amounts = (mutation: string): Record<string, RefusalCase> => ({
  [`${mutation}.AMOUNT_NOT_POSITIVE`]: ofAmount('0'),
  [`${mutation}.AMOUNT_PRECISION`]: ofAmount('0.001'),
  [`${mutation}.AMOUNT_ABOVE_LIMIT`]: ofAmount('1000000.01'),
  [`${mutation}.ACCOUNT_STATUS`]: frozen,
});

/** A notice about no payment of ours. */
async function aParkedNotice(given: Bank): Promise<string> {
  const scripted = scriptedProvider();
  const paymentId = randomUUID();
  // Each case reads a stream of its own from its beginning.
  const provider = { ...scripted.provider, name: paymentId };
  scripted.tell({ paymentId, kind: 'CONFIRMED' });
  await runWith(given, provider);
  const notice = (await parked(given)).find(({ noticeId }) => noticeId.startsWith(paymentId));
  if (!notice) throw new Error('nothing was parked');
  return notice.id;
}
const resolving = (noticeId: string, decision: string, idempotencyKey: string = randomUUID()) => ({
  viewer: operations,
  input: { noticeId, decision, reason: 'test', idempotencyKey },
});

testRefusals('schema/payments.graphql', () => bank, {
  ...amounts('createDeposit'),
  ...amounts('createWithdrawal'),
  'createDeposit.IDEMPOTENCY_KEY_REUSED': reused('Deposit'),
  'createWithdrawal.IDEMPOTENCY_KEY_REUSED': reused('Withdrawal'),
  // 100 less what an order holds leaves 20 to withdraw.
  'createWithdrawal.INSUFFICIENT_FUNDS': async (given) => {
    const account = await anAccount(given, '100');
    await deliver(given, created(anOrder(account.id), '80'));
    return of(account, '20.01');
  },
  'cancelPayment.NOT_CANCELABLE': async (given) => {
    const account = await anAccount(given);
    const paymentId = await paid(given, account, { kind: 'Deposit', amount: '1' });
    await given.runJob('advance-payments');
    return { viewer: account.viewer, input: { paymentId, idempotencyKey: randomUUID() } };
  },
  'cancelPayment.IDEMPOTENCY_KEY_REUSED': async (given) => {
    const account = await anAccount(given);
    const idempotencyKey = randomUUID();
    await paid(given, account, { kind: 'Deposit', amount: '1', idempotencyKey });
    const paymentId = await paid(given, account, { kind: 'Deposit', amount: '1' });
    return { viewer: account.viewer, input: { paymentId, idempotencyKey } };
  },
  'resolvePaymentNotice.NOTICE_NOT_PARKED': async (given) => {
    const noticeId = await aParkedNotice(given);
    await resolveNotice(given, { noticeId, decision: 'DISMISS' });
    return resolving(noticeId, 'DISMISS');
  },
  'resolvePaymentNotice.NOTICE_NOT_BOOKABLE': async (given) =>
    resolving(await aParkedNotice(given), 'BOOK'),
  'resolvePaymentNotice.IDEMPOTENCY_KEY_REUSED': async (given) => {
    const noticeId = await aParkedNotice(given);
    const idempotencyKey = randomUUID();
    await resolveNotice(given, { noticeId, decision: 'DISMISS', idempotencyKey });
    return resolving(await aParkedNotice(given), 'DISMISS', idempotencyKey);
  },
});
