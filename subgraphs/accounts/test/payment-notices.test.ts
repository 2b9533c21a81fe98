import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anAccount, balancesOf, type TestAccount } from './builders.ts';
import { type Bank, principal, startBank } from './support/bank.ts';
import { type Kind, paid, parked, resolveNotice, statusOf } from './support/payments.ts';
import { runWith, type Scripted, scriptedProvider } from './support/provider.ts';

let bank: Bank;
let scripted: Scripted;
let run: () => Promise<void>;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());
beforeEach(() => {
  scripted = scriptedProvider();
  // Each test reads a stream of its own from its beginning.
  const provider = { ...scripted.provider, name: randomUUID() };
  run = () => runWith(bank, provider);
});

/** A payment that the provider has and has not answered. */
async function submitted(account: TestAccount, kind: Kind, amount: string): Promise<string> {
  const id = await paid(bank, account, { kind, amount });
  await run();
  return id;
}
const alerts = (name: string) =>
  bank.lines.filter(
    ({ level, fields }) => level === 'error' && Object.values(fields).includes(name),
  );
const dayMs = 86_400_000;

describe('notices of the provider', () => {
  test('are applied once, however often they are told', async () => {
    const account = await anAccount(bank);
    const paymentId = await submitted(account, 'Deposit', '10');
    scripted.tell({ paymentId, kind: 'CONFIRMED' }, { paymentId, kind: 'CONFIRMED' });
    scripted.tell({ paymentId, kind: 'CONFIRMED', id: 'the same by another name' });
    await Promise.all([run(), run(), run()]);
    scripted.tell({ paymentId, kind: 'CONFIRMED' });
    await run();
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '10.00' });
    const kept = await bank.deps.db.paymentNotice.findMany({ where: { paymentId } });
    expect(kept.map(({ state }) => state).toSorted()).toEqual(['APPLIED', 'REPEATED']);
  });

  test('may tell of the return before the confirmation: it waits and is applied', async () => {
    const account = await anAccount(bank, '5');
    const paymentId = await submitted(account, 'Deposit', '10');
    scripted.tell({ paymentId, kind: 'RETURNED' });
    await run();
    expect(await statusOf(bank, paymentId)).toBe('SUBMITTED');
    scripted.tell({ paymentId, kind: 'CONFIRMED' });
    await run();
    expect(await statusOf(bank, paymentId)).toBe('RETURNED');
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '5.00', debt: '0.00' });
  });

  test('of a return whose confirmation was lost make the bank ask, at once', async () => {
    const account = await anAccount(bank);
    const paymentId = await submitted(account, 'Deposit', '10');
    scripted.states.set(paymentId, { state: 'RETURNED', reason: 'NO_FUNDS' });
    scripted.tell({ paymentId, kind: 'RETURNED' });
    await run();
    await run();
    expect(await statusOf(bank, paymentId)).toBe('RETURNED');
    expect(scripted.asked).toEqual([paymentId]);
    const [notice] = await bank.deps.db.paymentNotice.findMany({ where: { paymentId } });
    expect(notice?.state).toBe('REPEATED');
  });

  test('that wait in vain for a day are parked, and alerted once', async () => {
    const paymentId = await submitted(await anAccount(bank), 'Deposit', '10');
    scripted.tell({ paymentId, kind: 'RETURNED' });
    await run();
    expect(await parked(bank)).toEqual([]);
    const before = alerts('PAYMENT_NOTICE_PARKED').length;
    bank.clock.advance(dayMs);
    await run();
    await run();
    const [notice] = await parked(bank);
    expect(notice).toMatchObject({ kind: 'RETURNED', payment: { id: paymentId } });
    expect(alerts('PAYMENT_NOTICE_PARKED')).toHaveLength(before + 1);
    await resolveNotice(bank, { noticeId: notice?.id ?? '', decision: 'DISMISS' });
  });

  test('about no payment of ours, or in no shape of ours, are kept and parked', async () => {
    const odd = ['', 'no-uuid', 'x\u0000y', 'z'.repeat(5_000), randomUUID()];
    scripted.tell(
      ...odd.map((paymentId, id) => ({ paymentId, kind: 'CONFIRMED', id: `${id}` }) as const),
    );
    await run();
    const waiting = await parked(bank);
    expect(waiting).toHaveLength(odd.length);
    for (const { id: noticeId } of waiting)
      await resolveNotice(bank, { noticeId, decision: 'DISMISS' });
    expect(await parked(bank)).toEqual([]);
  });

  test('that were lost are made up for by asking', async () => {
    const account = await anAccount(bank, '20');
    const come = await submitted(account, 'Deposit', '10');
    const gone = await submitted(account, 'Withdrawal', '15');
    scripted.states.set(come, { state: 'CONFIRMED' });
    scripted.states.set(gone, { state: 'REFUSED', reason: 'CLOSED_THERE' });
    await run();
    expect(scripted.asked).toEqual([]);
    bank.clock.advance(5_000);
    await run();
    expect([await statusOf(bank, come), await statusOf(bank, gone)]).toEqual([
      'COMPLETED',
      'FAILED',
    ]);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '30.00', held: '0.00' });
  });
});

describe('a provider that never answers', () => {
  test('fails a deposit after 7 days; money that comes later waits for staff', async () => {
    const account = await anAccount(bank);
    const paymentId = await submitted(account, 'Deposit', '10');
    bank.clock.advance(7 * dayMs - 1_000);
    await run();
    expect(await statusOf(bank, paymentId)).toBe('SUBMITTED');
    bank.clock.advance(1_000);
    await run();
    expect(await statusOf(bank, paymentId)).toBe('FAILED');

    scripted.tell({ paymentId, kind: 'CONFIRMED' });
    await run();
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '0.00' });
    const [notice] = await parked(bank);
    const noticeId = notice?.id ?? '';
    const decision = { noticeId, decision: 'BOOK', idempotencyKey: randomUUID() } as const;
    const booked = { notice: { state: 'BOOKED', payment: { status: 'COMPLETED' } } };
    expect(await resolveNotice(bank, decision)).toEqual(booked);
    expect(await resolveNotice(bank, decision)).toEqual(booked);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '10.00' });
    const acts = await bank.deps.db.audit.findMany({
      where: { subject: { in: [noticeId, paymentId] } },
    });
    const byStaff = acts.filter(({ role }) => role === 'operations');
    expect(byStaff.map(({ command, reason }) => [command, reason]).toSorted()).toEqual([
      ['bookLatePayment', 'seen on the statement'],
      ['resolvePaymentNotice', 'seen on the statement'],
    ]);
  });

  test('lets the hold of a withdrawal expire after 14 days unless it was paid', async () => {
    const account = await anAccount(bank, '100');
    const silent = await submitted(account, 'Withdrawal', '30');
    const paidOut = await submitted(account, 'Withdrawal', '20');
    bank.clock.advance(14 * dayMs - 1_000);
    await run();
    expect(await balancesOf(bank, account)).toMatchObject({ held: '50.00' });
    scripted.states.set(paidOut, { state: 'CONFIRMED' });
    bank.clock.advance(1_000);
    await run();
    expect([await statusOf(bank, silent), await statusOf(bank, paidOut)]).toEqual([
      'FAILED',
      'COMPLETED',
    ]);
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '80.00', held: '0.00' });
    const [ended] = await bank.deps.db.holdResolution.findMany({
      where: { hold: { reference: silent } },
    });
    expect(ended?.kind).toBe('EXPIRED');

    // It was paid after all: what is there is taken, and the rest is owed.
    await submitted(account, 'Withdrawal', '70');
    scripted.tell({ paymentId: silent, kind: 'CONFIRMED' });
    await run();
    const [notice] = await parked(bank);
    await resolveNotice(bank, { noticeId: notice?.id ?? '', decision: 'BOOK' });
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'LIMITED', posted: '70.00', held: '70.00', debt: '20.00' },
    });
  });
});

test('only operations decide, only staff sees what waits', async () => {
  const paymentId = randomUUID();
  scripted.tell({ paymentId, kind: 'CONFIRMED' });
  await run();
  const [notice] = await parked(bank);
  const customer = (await anAccount(bank)).viewer;
  const support = principal(randomUUID(), 'support');
  const list = '{ parkedPaymentNotices { nodes { id } } }';
  const decide = `mutation ($input: ResolvePaymentNoticeInput!) {
    resolvePaymentNotice(input: $input) { __typename } }`;
  const input = { noticeId: notice?.id, decision: 'BOOK', reason: 'x', idempotencyKey: 'k' };
  const codeOf = async (viewer: typeof support, text: string, variables?: object) =>
    (await bank.as(viewer)(text, variables)).errors?.[0]?.extensions?.['code'] ?? 'answered';
  expect(await codeOf(customer, list)).toBe('FORBIDDEN');
  expect(await codeOf(support, list)).toBe('answered');
  expect(await codeOf(customer, decide, { input })).toBe('FORBIDDEN');
  expect(await codeOf(support, decide, { input })).toBe('FORBIDDEN');
  const unknown = await resolveNotice(bank, { noticeId: randomUUID(), decision: 'DISMISS' });
  expect(unknown).toMatchObject([{ extensions: { code: 'NOT_FOUND', field: 'input.noticeId' } }]);
});
