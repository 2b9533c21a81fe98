import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, balancesOf, deposit, resultOf, type TestAccount } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { paid, statusOf } from './support/payments.ts';
import { runWith, scriptedProvider } from './support/provider.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

type Act = 'freezeAccount' | 'unfreezeAccount' | 'limitAccount' | 'liftLimit';

async function act(name: Act, { id: accountId }: TestAccount): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const answer = await bank.as(operations)(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`,
    { input: { accountId, reason: 'a court order', idempotencyKey: randomUUID() } },
  );
  expect(resultOf(answer, name)).toEqual({ __typename: `${type}Success` });
}

const idsOf = (orders: readonly { readonly paymentId: string }[]) =>
  orders.map(({ paymentId }) => paymentId);

test('money of an account frozen meanwhile does not leave until it is thawed', async () => {
  const [account, other] = [await anAccount(bank, '100'), await anAccount(bank, '100')];
  const kept = await paid(bank, account, { kind: 'Withdrawal', amount: '60' });
  await act('freezeAccount', account);
  const later = await paid(bank, other, { kind: 'Withdrawal', amount: '5' });
  const { provider, submitted } = scriptedProvider();
  await runWith(bank, provider);
  expect(idsOf(submitted)).toEqual([later]);
  expect(await statusOf(bank, kept)).toBe('CREATED');
  expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '60.00' });

  await act('unfreezeAccount', account);
  await runWith(bank, provider);
  expect(idsOf(submitted)).toEqual([later, kept]);
});

test('a limit keeps back what would leave and lets in what comes', async () => {
  const account = await anAccount(bank, '100');
  const out = await paid(bank, account, { kind: 'Withdrawal', amount: '60' });
  const into = await paid(bank, account, { kind: 'Deposit', amount: '7' });
  await act('limitAccount', account);
  const { provider, submitted } = scriptedProvider();
  await runWith(bank, provider);
  expect(idsOf(submitted)).toEqual([into]);
  await act('liftLimit', account);
  await runWith(bank, provider);
  expect(idsOf(submitted)).toEqual([into, out]);
});

test('a frozen account takes no money in, one on its way out what it had asked for', async () => {
  const [frozen, closing] = [await anAccount(bank), await anAccount(bank)];
  const kept = await paid(bank, frozen, { kind: 'Deposit', amount: '7' });
  const asked = await paid(bank, closing, { kind: 'Deposit', amount: '8' });
  await act('freezeAccount', frozen);
  await bank.as(closing.viewer)(
    `mutation ($input: CloseAccountInput!) { closeAccount(input: $input) { __typename } }`,
    { input: { accountId: closing.id, idempotencyKey: randomUUID() } },
  );
  expect(await balancesOf(bank, closing)).toMatchObject({ status: 'CLOSING' });
  const { provider, submitted } = scriptedProvider();
  await runWith(bank, provider);
  expect(idsOf(submitted)).toEqual([asked]);
  expect(await statusOf(bank, kept)).toBe('CREATED');
});

test('a withdrawal kept back for 14 days fails unsent, and its money is free', async () => {
  const account = await anAccount(bank);
  await deposit(bank, account, '100');
  const id = await paid(bank, account, { kind: 'Withdrawal', amount: '60' });
  await act('freezeAccount', account);
  const { provider, submitted, states } = scriptedProvider();
  states.set(id, { state: 'UNKNOWN' });
  bank.clock.advance(14 * 86_400_000);
  await runWith(bank, provider);
  expect(idsOf(submitted)).not.toContain(id);
  expect(await statusOf(bank, id)).toBe('FAILED');
  expect(await balancesOf(bank, account)).toMatchObject({ status: 'FROZEN', held: '0.00' });
});
