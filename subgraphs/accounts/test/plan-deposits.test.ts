import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { PlanRunFundingV1 } from '@simplebank/contracts/strategies';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, balancesOf, deliver, passPayments, type TestAccount } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

function funding(
  { id: accountId, ownerId: customerId }: TestAccount,
  given: Partial<PlanRunFundingV1> = {},
): Envelope<PlanRunFundingV1> {
  const planRunId = given.planRunId ?? randomUUID();
  return {
    ...{ eventId: randomUUID(), type: PlanRunFundingV1.name, aggregateVersion: 2 },
    ...{ aggregateId: planRunId, occurredAt: '2026-11-20T15:00:00.000Z', causationId: null },
    ...{ correlationId: planRunId, traceparent: null },
    payload: PlanRunFundingV1.payload.parse({
      ...{ planRunId, planId: randomUUID(), accountId, customerId, period: '2026-11-20' },
      ...{ amount: '50', currency: 'USD', ...given },
    }),
  };
}

const about = async (planRunId: string) =>
  (await bank.published()).filter(({ payload }) => {
    return (payload as { readonly planRunId?: string | null }).planRunId === planRunId;
  });

test('a run gets one deposit, whatever the number of times it is asked for', async () => {
  const account = await anAccount(bank);
  const asked = funding(account);
  const { planRunId } = asked.payload;
  await deliver(bank, asked);
  await deliver(bank, asked, funding(account, { planRunId }));
  await deliver(bank, funding(account, { planRunId }));
  await passPayments(bank);
  const payments = await bank.deps.db.payment.findMany({ where: { accountId: account.id } });
  expect(payments).toMatchObject([
    {
      ...{ kind: 'DEPOSIT', status: 'COMPLETED', planRunId, createdById: account.ownerId },
      reference: 'Recurring plan, 2026-11-20',
    },
  ]);
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '50.00' });
  expect((await about(planRunId)).map(({ type }) => type)).toEqual([
    'accounts.payment-created.v1',
    'accounts.payment-completed.v1',
  ]);
  const acts = await bank.deps.db.audit.findMany({
    where: { subject: payments[0]?.id ?? '', command: 'createDeposit' },
  });
  expect(acts).toMatchObject([{ actor: PlanRunFundingV1.name, role: 'service' }]);
});

test.each([
  ['AMOUNT_ABOVE_LIMIT', { amount: '1000000.01' }],
  ['AMOUNT_PRECISION', { amount: '50.001' }],
])('%s is the answer of the rules for deposits, and nothing is made', async (code, given) => {
  const account = await anAccount(bank);
  const asked = funding(account, given);
  const { planRunId } = asked.payload;
  await deliver(bank, asked, asked);
  expect((await about(planRunId)).map(({ type, payload }) => [type, payload])).toEqual([
    ['accounts.plan-funding-refused.v1', { planRunId, accountId: account.id, code }],
  ]);
  expect(await bank.deps.db.payment.count({ where: { accountId: account.id } })).toBe(0);
});

test('an account that takes no deposits takes none of a plan; the plan is told', async () => {
  const account = await anAccount(bank);
  const freeze = `mutation ($input: FreezeAccountInput!) {
    freezeAccount(input: $input) { __typename } }`;
  const input = { accountId: account.id, reason: 'test' };
  await bank.as(operations)(freeze, { input });
  const asked = funding(account);
  await deliver(bank, asked);
  expect(await about(asked.payload.planRunId)).toMatchObject([
    { type: 'accounts.plan-funding-refused.v1', payload: { code: 'ACCOUNT_STATUS' } },
  ]);
  expect(await bank.deps.db.payment.count({ where: { accountId: account.id } })).toBe(0);
});

test('the database knows one deposit per run, no withdrawal, and no other run later', async () => {
  const account = await anAccount(bank);
  const asked = funding(account);
  await deliver(bank, asked);
  const { planRunId } = asked.payload;
  const { db } = bank.deps;
  const copy = (kind: string, run: string) => db.$executeRaw`
    INSERT INTO payment (id, account_id, kind, status, amount, currency, created_by_id, version,
      created_at, plan_run_id)
    VALUES (gen_random_uuid(), ${account.id}::uuid, ${kind}, 'CREATED', 1, 'USD',
      ${account.ownerId}::uuid, 1, now(), ${run}::uuid)`;
  await expect(copy('DEPOSIT', planRunId)).rejects.toThrow('payment_plan_run_id_key');
  await expect(copy('WITHDRAWAL', randomUUID())).rejects.toThrow('payment_of_plan');
  const change = db.$executeRaw`UPDATE payment SET plan_run_id = gen_random_uuid()`;
  await expect(change).rejects.toThrow('cannot pay for another run');
});
