import { randomUUID } from 'node:crypto';
import { PositionChangedV1 } from '@simplebank/contracts/holdings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aCustomer,
  anAccount,
  anOrder,
  balancesOf,
  completed,
  created,
  deliver,
  deposit,
  filled,
  openAccount,
  passPayments,
  resultOf,
  type TestAccount,
  verify,
} from './builders.ts';
import { type Bank, operations, principal, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

type Command =
  | 'limitAccount'
  | 'liftLimit'
  | 'freezeAccount'
  | 'unfreezeAccount'
  | 'closeAccount'
  | 'reopenAccount';
const staffCommands: readonly string[] = [
  'limitAccount',
  'liftLimit',
  'freezeAccount',
  'unfreezeAccount',
];

/** Answers the account's state, or the refusal's code. */
async function act(command: Command, { id: accountId, viewer }: TestAccount): Promise<string> {
  const type = command.slice(0, 1).toUpperCase() + command.slice(1);
  const byStaff = staffCommands.includes(command);
  const text = `mutation ($input: ${type}Input!) { ${command}(input: $input) {
    ... on ${type}Success { account { status } } ... on ${type}Refusal { code } } }`;
  const input = { accountId, ...(byStaff ? { reason: 'because of the law' } : {}) };
  const answer = await bank.as(byStaff ? operations : viewer)(text, { input });
  type Done = { readonly account?: { readonly status: string }; readonly code?: string };
  const { account, code } = resultOf<Done>(answer, command);
  return account?.status ?? code ?? '';
}

const limitedFor = async ({ id }: TestAccount) =>
  (await bank.deps.db.account.findUniqueOrThrow({ where: { id } })).limitedFor;

/** A late fill that no hold covers: what is missing becomes debt. */
async function bringIntoDebt({ id }: TestAccount, value: string): Promise<void> {
  const order = anOrder(id);
  await deliver(bank, created(order, '1'));
  await deliver(bank, completed(order, 0));
  await deliver(bank, filled(order, { value, late: true }), completed(order, 1, 11));
}

describe('limits', () => {
  test('staff limits and lifts, and the audit keeps who, why, before and after', async () => {
    const account = await anAccount(bank);
    expect(await act('limitAccount', account)).toBe('LIMITED');
    expect(await act('limitAccount', account)).toBe('ACCOUNT_STATUS');
    expect(await act('liftLimit', account)).toBe('ACTIVE');
    expect(await act('liftLimit', account)).toBe('ACCOUNT_STATUS');
    const rows = await bank.deps.db.audit.findMany({
      where: { subject: account.id, role: 'operations' },
      orderBy: { id: 'asc' },
    });
    expect(rows.map(({ command, reason }) => [command, reason])).toEqual([
      ['limitAccount', 'because of the law'],
      ['liftLimit', 'because of the law'],
    ]);
    const [limited, lifted] = rows;
    expect(limited?.beforeDigest).toBe(lifted?.afterDigest);
    expect(limited?.afterDigest).toBe(lifted?.beforeDigest);
  });

  test('a limit of staff outlives the debt, and a debt the limit of staff', async () => {
    const account = await anAccount(bank, '10');
    await bringIntoDebt(account, '50');
    expect([(await balancesOf(bank, account)).debt, await limitedFor(account)]).toEqual([
      '40.00',
      'DEBT',
    ]);
    expect(await act('limitAccount', account)).toBe('LIMITED');
    expect(await limitedFor(account)).toBe('STAFF');
    expect(await act('liftLimit', account)).toBe('LIMITED');
    expect(await limitedFor(account)).toBe('DEBT');
    expect(await act('liftLimit', account)).toBe('ACCOUNT_STATUS');
    expect(await act('limitAccount', account)).toBe('LIMITED');
    await deposit(bank, account, '100');
    expect(await balancesOf(bank, account)).toMatchObject({ status: 'LIMITED', debt: '0.00' });
    expect(await act('liftLimit', account)).toBe('ACTIVE');
  });

  test('closing and reopening is no way around a limit', async () => {
    const account = await anAccount(bank);
    await act('limitAccount', account);
    expect(await act('closeAccount', account)).toBe('CLOSING');
    expect(await act('reopenAccount', account)).toBe('LIMITED');
    expect(await limitedFor(account)).toBe('STAFF');
  });

  test('a frozen account returns to CLOSING, and support may not touch it', async () => {
    const account = await anAccount(bank);
    await act('closeAccount', account);
    expect(await act('freezeAccount', account)).toBe('FROZEN');
    for (const command of ['closeAccount', 'reopenAccount', 'limitAccount'] as const) {
      expect(await act(command, account)).toBe('ACCOUNT_STATUS');
    }
    expect(await act('unfreezeAccount', account)).toBe('CLOSING');
    const support = principal(randomUUID(), 'support');
    const text = `mutation ($input: LimitAccountInput!) { limitAccount(input: $input) {
      __typename } }`;
    const input = { accountId: account.id, reason: 'because' };
    for (const who of [support, account.viewer]) {
      const { errors } = await bank.as(who)(text, { input });
      expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
    }
  });
});

const assetId = '00000000-0000-4000-8000-0000000000aa';

const positionChanged = ({ id: accountId }: TestAccount, quantity: string, version: number) => ({
  eventId: randomUUID(),
  type: PositionChangedV1.name,
  aggregateId: `${accountId}:${assetId}`,
  aggregateVersion: version,
  occurredAt: '2026-11-20T15:00:00.000Z',
  correlationId: 'test',
  causationId: null,
  traceparent: null,
  payload: { accountId, assetId, quantity, reserved: '0' },
});

const statusOf = async (account: TestAccount) => (await balancesOf(bank, account)).status;

/** Lets what is under way arrive, and the job look. */
async function passClosing(): Promise<void> {
  bank.clock.advance(6_000);
  await bank.runJob('close-settled-accounts');
}

describe('closing', () => {
  test('an empty account closes once it has been quiet, and is final', async () => {
    const account = await anAccount(bank);
    expect(await act('closeAccount', account)).toBe('CLOSING');
    await bank.runJob('close-settled-accounts');
    expect(await statusOf(account)).toBe('CLOSING');
    await passClosing();
    expect(await statusOf(account)).toBe('CLOSED');
    for (const command of ['reopenAccount', 'freezeAccount', 'closeAccount'] as const) {
      expect(await act(command, account)).toBe('ACCOUNT_STATUS');
    }
    const events = await bank.published('accounts.account-status-changed.v1');
    const told = events.filter(({ aggregateId }) => aggregateId === account.id);
    expect(told.at(-1)?.payload).toMatchObject({ status: 'CLOSED', reason: 'SETTLED_UP' });
  });

  test('an open order of either side refuses it; the end of the order allows it', async () => {
    for (const side of ['BUY', 'SELL'] as const) {
      const account = await anAccount(bank, '100');
      const order = anOrder(account.id, side);
      await deliver(bank, created(order, side === 'BUY' ? '10' : null));
      expect(await act('closeAccount', account)).toBe('OPEN_ORDERS');
      await deliver(bank, completed(order, 0));
      expect(await act('closeAccount', account)).toBe('CLOSING');
    }
  });

  test('an end that comes before its beginning counts', async () => {
    const account = await anAccount(bank);
    const order = anOrder(account.id, 'SELL');
    await deliver(bank, completed(order, 0));
    await deliver(bank, created(order, null));
    expect(await act('closeAccount', account)).toBe('CLOSING');
  });

  test('cash keeps it open until it is withdrawn, and so does a payment on its way', async () => {
    const account = await anAccount(bank, '25');
    await act('closeAccount', account);
    await passClosing();
    expect(await statusOf(account)).toBe('CLOSING');
    const input = { accountId: account.id, amount: '25', idempotencyKey: 'all' };
    const text = `mutation ($input: CreateWithdrawalInput!) {
      createWithdrawal(input: $input) { __typename } }`;
    expect((await bank.as(account.viewer)(text, { input })).data).toEqual({
      createWithdrawal: { __typename: 'CreateWithdrawalSuccess' },
    });
    await passClosing();
    expect(await statusOf(account)).toBe('CLOSING');
    await passPayments(bank);
    await passClosing();
    expect(await statusOf(account)).toBe('CLOSED');
  });

  test('a position keeps it open, whatever the order of its versions', async () => {
    const account = await anAccount(bank);
    await deliver(bank, positionChanged(account, '3', 2));
    await deliver(bank, positionChanged(account, '0', 1));
    await act('closeAccount', account);
    await passClosing();
    expect(await statusOf(account)).toBe('CLOSING');
    await deliver(bank, positionChanged(account, '0', 3), positionChanged(account, '5', 2));
    await bank.runJob('close-settled-accounts');
    expect(await statusOf(account)).toBe('CLOSING');
    await passClosing();
    expect(await statusOf(account)).toBe('CLOSED');
  });

  test('debt and what has not settled keep it open', async () => {
    const owing = await anAccount(bank, '10');
    await bringIntoDebt(owing, '50');
    await act('closeAccount', owing);
    const selling = await anAccount(bank);
    await act('closeAccount', selling);
    const order = anOrder(selling.id, 'SELL');
    await deliver(bank, created(order, null), filled(order, { value: '5' }), completed(order, 1));
    await passClosing();
    expect([await statusOf(owing), await statusOf(selling)]).toEqual(['CLOSING', 'CLOSING']);
  });
});

describe('joint owners', () => {
  test('each acts alone, and a stranger sees nothing', async () => {
    const [ann, bob, eve] = [
      await aCustomer(bank, 'Ann'),
      await aCustomer(bank, 'Bob'),
      await aCustomer(bank, 'Eve'),
    ];
    await verify(bank, ann.viewer);
    await verify(bank, bob.viewer);
    const { id, number } = await openAccount(bank, ann.viewer, { ownerIds: [ann.id, bob.id] });
    const submit = `mutation ($input: SubmitAccountInput!) { submitAccount(input: $input) {
      ... on SubmitAccountSuccess { account { status } } } }`;
    const input = { accountId: number };
    const strange = await bank.as(eve.viewer)(submit, { input });
    expect(strange.errors?.[0]?.extensions).toEqual({
      code: 'NOT_FOUND',
      field: 'input.accountId',
    });
    expect((await bank.as(bob.viewer)(submit, { input })).data).toEqual({
      submitAccount: { account: { status: 'ACTIVE' } },
    });
    const joint = { id, number, ownerId: ann.id };
    await deposit(bank, { ...joint, viewer: bob.viewer }, '5');
    expect((await balancesOf(bank, { ...joint, viewer: ann.viewer })).posted).toBe('5.00');
    expect(await act('closeAccount', { ...joint, viewer: ann.viewer })).toBe('CLOSING');
    expect(await act('reopenAccount', { ...joint, viewer: bob.viewer })).toBe('ACTIVE');
    const seen = await bank.as(eve.viewer)('query ($id: ID!) { account(id: $id) { id } }', { id });
    expect(seen.data).toEqual({ account: null });
  });
});

describe('once per key', () => {
  test.each(['closeAccount', 'limitAccount', 'freezeAccount'] as const)(
    '%s with one key, twenty times at once, changes the account once and answers the same',
    async (command) => {
      const account = await anAccount(bank);
      const type = command.slice(0, 1).toUpperCase() + command.slice(1);
      const byStaff = staffCommands.includes(command);
      const text = `mutation ($input: ${type}Input!) { ${command}(input: $input) {
        ... on ${type}Success { account { status } } ... on ${type}Refusal { code } } }`;
      const input = {
        ...{ accountId: account.id, idempotencyKey: randomUUID() },
        ...(byStaff ? { reason: 'because' } : {}),
      };
      const ask = bank.as(byStaff ? operations : account.viewer);
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(text, { input })));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(JSON.stringify(answers[0])).toContain('status');
      const { version } = await bank.deps.db.account.findUniqueOrThrow({
        where: { id: account.id },
      });
      expect(version).toBe(4);
    },
  );
});
