import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeSettledAccounts } from '../src/accounts/index.ts';
import { advanceVerifications } from '../src/verification/index.ts';
import {
  aCustomer,
  anAccount,
  anOrder,
  aProfile,
  created,
  deliver,
  resultOf,
  type TestAccount,
} from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

async function close({ id: accountId, viewer }: TestAccount): Promise<void> {
  const text = `mutation ($input: CloseAccountInput!) { closeAccount(input: $input) {
    __typename } }`;
  const answer = await bank.as(viewer)(text, { input: { accountId } });
  expect(resultOf(answer, 'closeAccount')).toEqual({ __typename: 'CloseAccountSuccess' });
}

test('accounts that cannot close yet are not locked each second, only one that can', async () => {
  const rich = await anAccount(bank, '25');
  const busy = await anAccount(bank);
  const empty = await anAccount(bank);
  for (const account of [rich, busy, empty]) await close(account);
  await deliver(bank, created(anOrder(busy.id, 'SELL'), null));
  bank.clock.advance(6_000);

  const { transact } = bank.deps;
  let transactions = 0;
  const counting: typeof transact = (work) => {
    transactions += 1;
    return transact(work);
  };
  await closeSettledAccounts({ ...bank.deps, transact: counting });
  expect(transactions).toBe(1);
  const states = await bank.deps.db.account.findMany({ where: { status: 'CLOSED' } });
  expect(states.map(({ id }) => id)).toEqual([empty.id]);
});

test('a provider that takes an hour is asked dozens of times, not at each turn', async () => {
  const { viewer } = await aCustomer(bank);
  const text = `mutation ($input: SubmitProfileInput!) { submitProfile(input: $input) {
    __typename } }`;
  const submitted = await bank.as(viewer)(text, { input: aProfile() });
  expect(resultOf(submitted, 'submitProfile')).toEqual({ __typename: 'SubmitProfileSuccess' });
  let asked = 0;
  const verifier = {
    submit: async () => undefined,
    answer: async () => {
      asked += 1;
      return { verdict: 'PENDING' } as const;
    },
  };
  const turnsInAnHour = 36_000;
  const everySeconds = 2;
  for (let turn = 0; turn < turnsInAnHour / (10 * everySeconds); turn++) {
    bank.clock.advance(everySeconds * 1_000);
    await advanceVerifications({ ...bank.deps, verifier });
  }
  expect(asked).toBeGreaterThan(60);
  expect(asked).toBeLessThan(120);
});
