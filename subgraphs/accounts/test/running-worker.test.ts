import { randomUUID } from 'node:crypto';
import { systemClock } from '@simplebank/kernel/clock';
import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, balancesOf, resultOf } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank({ clock: systemClock });
  await bank.worker.start();
});
afterAll(async () => {
  await bank.worker.close();
  await bank.stop();
});

test('a running worker takes a deposit to its end by itself', async () => {
  const account = await anAccount(bank);
  const answer = await bank.as(account.viewer)(
    `mutation ($input: CreateDepositInput!) { createDeposit(input: $input) {
       ... on CreateDepositSuccess { payment { id } } } }`,
    { input: { accountId: account.id, amount: '12.34', idempotencyKey: randomUUID() } },
  );
  const { payment } = resultOf<{ payment: { id: string } }>(answer, 'createDeposit');
  await eventually(async () => {
    const shown = await bank.as(account.viewer)(
      'query ($id: ID!) { payment(id: $id) { status } }',
      { id: payment.id },
    );
    expect(shown.data).toEqual({ payment: { status: 'COMPLETED' } });
  });
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '12.34' });
});
