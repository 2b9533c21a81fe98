import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, balancesOf, passPayments, type TestAccount } from './builders.ts';
import { brokenLaws } from './ledger-builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { paid, statusOf } from './support/payments.ts';
import { runWith, scriptedProvider } from './support/provider.ts';
import { openSql } from './support/sql.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

/** An account that is CLOSED, with its deposit and the withdrawal that emptied it. */
async function aClosedAccount() {
  const account = await anAccount(bank);
  const into = await paid(bank, account, { kind: 'Deposit', amount: '80' });
  await passPayments(bank);
  const out = await paid(bank, account, { kind: 'Withdrawal', amount: '80' });
  await passPayments(bank);
  await bank.as(account.viewer)(
    `mutation ($input: CloseAccountInput!) { closeAccount(input: $input) { __typename } }`,
    { input: { accountId: account.id, idempotencyKey: randomUUID() } },
  );
  bank.clock.advance(60_000);
  await bank.runJob('close-settled-accounts');
  expect(await balancesOf(bank, account)).toMatchObject({ status: 'CLOSED', posted: '0.00' });
  return { account, into, out };
}

async function comesBack(paymentId: string): Promise<void> {
  const { provider, tell } = scriptedProvider();
  tell({ paymentId, kind: 'RETURNED' });
  await runWith(bank, { ...provider, name: `scripted ${paymentId}` });
  expect(await statusOf(bank, paymentId)).toBe('RETURNED');
}

const alertsOf = ({ id }: TestAccount) =>
  bank.lines
    .map(({ fields }) => fields as { alert?: string; account_id?: string })
    .filter(({ account_id, alert }) => alert && account_id === id)
    .map(({ alert }) => alert);

test('a withdrawal that comes back to a closed account is booked, and staff is told', async () => {
  const { account, out } = await aClosedAccount();
  await comesBack(out);
  expect(await balancesOf(bank, account)).toMatchObject({ status: 'CLOSED', posted: '80.00' });
  expect(alertsOf(account)).toEqual(['CLOSED_ACCOUNT_MOVED']);
});

test('a deposit taken back from a closed account is owed, and staff is told', async () => {
  const { account, into, out } = await aClosedAccount();
  await comesBack(into);
  expect(await balancesOf(bank, account)).toMatchObject({ status: 'CLOSED', debt: '80.00' });
  await comesBack(out);
  expect(await balancesOf(bank, account)).toMatchObject({
    ...{ status: 'CLOSED', debt: '0.00', posted: '0.00' },
  });
  expect(alertsOf(account)).toEqual(['CLOSED_ACCOUNT_MOVED', 'CLOSED_ACCOUNT_MOVED']);
  const sql = await openSql(bank.databaseUrl);
  expect(await brokenLaws(sql)).toEqual([]);
  await sql.end();
});
