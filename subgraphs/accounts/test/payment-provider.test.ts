import { randomUUID } from 'node:crypto';
import { OutboundError } from '@simplebank/chassis/outbound';
import { zero } from '@simplebank/kernel/decimal';
import { afterEach, expect, test, vi } from 'vitest';
import { guardedProvider } from '../src/payments/index.ts';
import { anAccount, anOrder, balancesOf, created, deliver, type TestAccount } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { paid, statusOf } from './support/payments.ts';
import { runWith, scriptedProvider } from './support/provider.ts';

let bank: Bank;
afterEach(async () => {
  vi.useRealTimers();
  await bank.stop();
});

/** As mean as it can be told to be, but for being slow. */
const mean = {
  ACCOUNTS_PROVIDER_FAIL_PERCENT: '30',
  ACCOUNTS_PROVIDER_LOSE_PERCENT: '30',
  ACCOUNTS_PROVIDER_REFUSE_PERCENT: '20',
  ACCOUNTS_PROVIDER_RETURN_PERCENT: '30',
  ACCOUNTS_PROVIDER_REPEAT_PERCENT: '40',
  ACCOUNTS_PROVIDER_REORDER_PERCENT: '40',
  ACCOUNTS_PROVIDER_SILENT_PERCENT: '0',
};

const roundsMax = 200;

/** Lets time pass in steps of 5 s until no payment is under way and all notices are told. */
async function passAll(): Promise<void> {
  const { payment, simulatedNotice } = bank.deps.db;
  for (let round = 0; round < roundsMax; round += 1) {
    await bank.runJob('advance-payments');
    bank.clock.advance(5_000);
    const open = await payment.count({ where: { status: { in: ['CREATED', 'SUBMITTED'] } } });
    const untold = await simulatedNotice.count({ where: { place: null } });
    if (open + untold === 0) break;
  }
  // The circuit may be open while the last notices are told.
  for (let round = 0; round < 20; round += 1) {
    await bank.runJob('advance-payments');
    bank.clock.advance(5_000);
  }
}

/** Cash less debt must be what payments have left there; answers how many ended in which state. */
async function expectNet({ id: accountId }: TestAccount): Promise<Record<string, number>> {
  const payments = await bank.deps.db.payment.findMany({ where: { accountId } });
  const left = payments
    .filter(({ status }) => status === 'COMPLETED')
    .map(({ kind, amount }) => (kind === 'DEPOSIT' ? amount : amount.negated()));
  const rows = await bank.deps.db.ledgerAccount.findMany({ where: { accountId } });
  const net = rows.reduce((total, { posted }) => total.plus(posted?.toFixed() ?? 0), zero);
  expect(net.toFixed(2)).toBe(
    left.reduce((total, each) => total.plus(each.toFixed()), zero).toFixed(2),
  );
  const counts: Record<string, number> = {};
  for (const { status } of payments) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('failing calls, lost answers, repeats and returns out of order lose no money', async () => {
  bank = await startBank({ env: { ...mean, ACCOUNTS_PROVIDER_SEED: 'mean' } });
  const account = await anAccount(bank);
  for (let n = 1; n <= 40; n += 1) {
    await paid(bank, account, { kind: 'Deposit', amount: `${n}.01` });
  }
  await passAll();
  const counts = await expectNet(account);
  expect(Object.keys(counts).toSorted()).toEqual(['COMPLETED', 'FAILED', 'RETURNED']);
  const taken = await bank.deps.db.simulatedPayment.findMany();
  expect(taken).toHaveLength(40);
  const returned = taken.filter(({ returnsAt }) => returnsAt !== null).length;
  const refused = taken.filter(({ outcome }) => outcome === 'REFUSED').length;
  expect(counts).toEqual({
    ...{ COMPLETED: 40 - returned - refused, FAILED: refused, RETURNED: returned },
  });
  expect(
    await bank.deps.db.paymentNotice.count({ where: { state: { in: ['PARKED', 'WAITING'] } } }),
  ).toBe(0);
}, 120_000);

test('a provider that tells nothing is asked', async () => {
  bank = await startBank({ env: { ACCOUNTS_PROVIDER_SILENT_PERCENT: '100' } });
  const account = await anAccount(bank);
  const id = await paid(bank, account, { kind: 'Deposit', amount: '10' });
  await bank.runJob('advance-payments');
  bank.clock.advance(5_000);
  await bank.runJob('advance-payments');
  expect(await statusOf(bank, id)).toBe('COMPLETED');
  expect(await bank.deps.db.paymentNotice.count()).toBe(0);
});

test('a submission whose answer was lost is made again, and the money moves once', async () => {
  bank = await startBank({ env: { ACCOUNTS_PROVIDER_LOSE_PERCENT: '100' } });
  const account = await anAccount(bank);
  const id = await paid(bank, account, { kind: 'Deposit', amount: '10' });
  for (let n = 0; n < 5; n += 1) {
    await bank.runJob('advance-payments');
    bank.clock.advance(5_000);
  }
  expect(await statusOf(bank, id)).toBe('COMPLETED');
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '10.00' });
  const lost = bank.lines.filter(({ message }) => message === 'a payment does not get on');
  expect(lost.length).toBeGreaterThan(0);
});

test('a provider that hangs stops nobody: calls end after 5 s, then it is left alone', async () => {
  bank = await startBank();
  const account = await anAccount(bank, '100');
  const hanging = { ...scriptedProvider().provider, submit: () => new Promise<void>(() => {}) };
  const { clock, log } = bank.deps;
  const provider = guardedProvider({ ...hanging, name: randomUUID() }, { clock, log });
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    ids.push(await paid(bank, account, { kind: 'Deposit', amount: '1' }));
  }
  const startedAt = performance.now();
  const running = runWith(bank, provider);
  // Meanwhile money is held, and customers are answered.
  await deliver(bank, created(anOrder(account.id), '80'));
  expect(await balancesOf(bank, account)).toMatchObject({ held: '80.00' });
  await running;
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThan(4_900);
  expect(tookMs).toBeLessThan(15_000);
  expect(provider.isReachable?.()).toBe(false);
  await expect(provider.notices('')).rejects.toThrow(OutboundError);
  const open = await bank.deps.db.payment.findMany({ where: { id: { in: ids } } });
  expect(
    open.every(({ status, acknowledgedAt }) => status === 'SUBMITTED' && !acknowledgedAt),
  ).toBe(true);

  // Once it is well again, what waited goes out.
  bank.clock.advance(30_000);
  const well = scriptedProvider();
  await runWith(bank, well.provider);
  expect(well.submitted.map(({ paymentId }) => paymentId).toSorted()).toEqual(ids.toSorted());
}, 60_000);

test('50 equal submissions of a payment at once make one at the provider', async () => {
  bank = await startBank();
  const account = await anAccount(bank);
  const input = { kind: 'Deposit', amount: '7', idempotencyKey: 'fifty' } as const;
  const ids = await Promise.all(Array.from({ length: 50 }, () => paid(bank, account, input)));
  expect(new Set(ids).size).toBe(1);
  await Promise.all(Array.from({ length: 4 }, () => bank.runJob('advance-payments')));
  expect(await bank.deps.db.simulatedPayment.count()).toBe(1);
  expect(await bank.deps.db.simulatedNotice.count()).toBe(1);
});
