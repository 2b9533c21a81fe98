import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, resultOf } from './builders.ts';
import { anonymous, type Bank, operations, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const email = 'alice@example.com';
const text = `mutation ($input: SignUpInput!) { signUp(input: $input) {
  __typename ... on SignUpSuccess { email } } }`;
const signUp = async (name: string, address = email) => {
  const input = { email: address, password: goodPassword, name };
  return resultOf<object>(await bank.as(anonymous())(text, { input }), 'signUp');
};
const told = () => bank.published('accounts.sign-up-repeated.v1');
const identityOf = (address: string) =>
  bank.deps.db.identity.findUniqueOrThrow({ where: { email: address } });

test('a sign-up with a known email is told to its owner alone, once a day', async () => {
  const first = await signUp('Alice');
  expect(await told()).toEqual([]);
  const { id: customerId, name, passwordHash } = await identityOf(email);
  const repeats = await Promise.all(Array.from({ length: 10 }, () => signUp('Mallory')));
  expect(repeats).toEqual(repeats.map(() => first));
  expect((await told()).map(({ payload }) => payload)).toEqual([{ customerId }]);
  expect(await identityOf(email)).toMatchObject({ name, passwordHash });
  expect(await bank.published('accounts.customer-registered.v1')).toHaveLength(1);
  bank.clock.advance(86_400_000 - 1);
  await signUp('Mallory');
  expect(await told()).toHaveLength(1);
  bank.clock.advance(86_400_001);
  await signUp('Mallory');
  expect(await told()).toHaveLength(2);
  const where = { command: 'signUp', subject: customerId, outcome: 'EMAIL_TAKEN' };
  expect(await bank.deps.db.audit.count({ where })).toBe(12);
  expect(bank.lines.map((line) => JSON.stringify(line)).join()).not.toContain(email);
});

test('a weak password tells nobody, and neither does an address of staff', async () => {
  const before = (await told()).length;
  const weak = { email, password: 'password', name: 'Mallory' };
  const refused = await bank.as(anonymous())(text, { input: weak });
  expect(resultOf<object>(refused, 'signUp')).toEqual({ __typename: 'SignUpRefusal' });
  const staff = { email: 'sam@example.com', password: goodPassword, name: 'Sam' };
  await bank.as(operations)(
    `mutation ($input: RegisterStaffInput!) { registerStaff(input: $input) { __typename } }`,
    { input: { ...staff, roles: ['SUPPORT'], reason: 'new', idempotencyKey: 'staff' } },
  );
  await identityOf(staff.email);
  await signUp('Mallory', staff.email);
  expect(await told()).toHaveLength(before);
});
