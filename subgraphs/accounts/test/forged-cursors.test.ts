import { afterAll, beforeAll, expect, test } from 'vitest';
import { anAccount, type TestAccount } from './builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';

let bank: Bank;
let account: TestAccount;
beforeAll(async () => {
  bank = await startBank();
  account = await anAccount(bank, '10');
});
afterAll(() => bank.stop());

const cursor = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
const someId = '00000000-0000-4000-8000-000000000001';

/** Instants that JavaScript knows and PostgreSQL does not, and what is no instant at all. */
const instants = [
  '0000-01-01T00:00:00.000Z',
  '+275760-09-12T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  'infinity',
  '2026-02-30T00:00:00.000Z',
];
const forged = instants.flatMap((at) => [cursor(at, '1'), cursor(at, someId)]);
const others = [cursor(), cursor(1, 2), cursor('0'), cursor(-1), cursor(1e300), cursor(null), '€'];

const codesOf = (errors: readonly object[] = []) =>
  errors.map((error) => (error as { extensions?: { code?: string } }).extensions?.code);

const ofAccount = (field: string) => (after: string) =>
  bank.as(account.viewer)(`query ($id: ID!, $after: String) { account(id: $id) { ${field} } }`, {
    ...{ id: account.id, after },
  });
const ofStaff = (field: string) => (after: string) =>
  bank.as(operations)(`query ($after: String) { ${field} }`, { after });

test.each([
  ['activities', ofAccount('activities(after: $after) { nodes { id } }')],
  ['activitiesCsv', ofAccount('activitiesCsv(after: $after) { csv }')],
  ['payments', ofAccount('payments(after: $after) { nodes { id } }')],
  ['statements', ofAccount('statements(after: $after) { nodes { id } }')],
  ['bookingExceptions', ofStaff('bookingExceptions(after: $after) { nodes { id } }')],
  ['parkedPaymentNotices', ofStaff('parkedPaymentNotices(after: $after) { nodes { id } }')],
])('a forged cursor of %s is the fault of who forged it', async (_, ask) => {
  for (const after of [...forged, ...others]) {
    const { errors } = await ask(after);
    expect([after, codesOf(errors)]).toEqual([after, errors ? ['BAD_INPUT'] : []]);
  }
  const errors = bank.lines.filter(({ level }) => level === 'error');
  expect(errors).toEqual([]);
});

test('activities of any time that can be named are none or a fault of the caller', async () => {
  for (const at of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z']) {
    const { errors } = await bank.as(account.viewer)(
      `query ($id: ID!, $at: DateTime!) { account(id: $id) {
         from: activities(filter: { from: $at }) { nodes { id } }
         to: activities(filter: { to: $at }) { nodes { id } } } }`,
      { id: account.id, at },
    );
    expect(codesOf(errors).filter((code) => code !== 'BAD_INPUT')).toEqual([]);
  }
});
