import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  anAccount,
  anOrder,
  balancesOf,
  completed,
  created,
  deliver,
  filled,
  type TestAccount,
} from './builders.ts';
import { brokenLaws, earn } from './ledger-builders.ts';
import { type Bank, operations, principal, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
});
afterAll(async () => {
  expect(await brokenLaws(sql)).toEqual([]);
  await sql.end();
  await bank.stop();
});

/** An order that held 50 of 100, and an execution of it that costs 70 with its fee. */
async function anException(): Promise<{ account: TestAccount; id: string; orderId: string }> {
  const account = await anAccount(bank);
  await earn(bank, account, { value: '100' });
  const order = anOrder(account.id);
  await deliver(bank, created(order, '50'));
  await deliver(bank, filled(order, { value: '69', commission: '1' }), completed(order, 1));
  const { orderId } = order;
  const { id } = await bank.deps.db.bookingException.findFirstOrThrow({ where: { orderId } });
  return { account, id, orderId };
}

type Kind = 'BOOKED_TO_CUSTOMER' | 'BOOKED_TO_HOUSE' | 'DISMISSED';
const decide = (exceptionId: string, kind: Kind, more = {}) =>
  bank.as(operations)(
    `mutation ($input: ResolveBookingExceptionInput!) { resolveBookingException(input: $input) {
       __typename
       ... on ResolveBookingExceptionSuccess { exception { resolution { kind reason actor } } }
       ... on ResolveBookingExceptionRefusal { code } } }`,
    { input: { exceptionId, kind, reason: 'agreed', idempotencyKey: randomUUID(), ...more } },
  );
const outcome = async (answer: ReturnType<typeof decide>) => {
  const { data, errors } = await answer;
  return data?.['resolveBookingException'] ?? errors?.[0]?.extensions;
};

test('open exceptions are listed for staff, newest first, with what they cost', async () => {
  const { id, account } = await anException();
  const list = (viewer = operations, open = true) =>
    bank.as(viewer)(
      `query ($open: Boolean) { bookingExceptions(first: 1, open: $open) {
         nodes { id accountId code cost { amount } resolution { kind } }
         pageInfo { hasNextPage endCursor } } }`,
      { open },
    );
  const first = await list();
  const node = { id, accountId: account.id, code: 'BEYOND_HOLD', cost: { amount: '70.00' } };
  expect(first.data).toMatchObject({
    bookingExceptions: { nodes: [{ ...node, resolution: null }] },
  });
  await decide(id, 'DISMISSED');
  expect((await list()).data).not.toMatchObject({ bookingExceptions: { nodes: [{ id }] } });
  expect((await list(operations, false)).data).toMatchObject({
    bookingExceptions: { nodes: [{ id, resolution: { kind: 'DISMISSED' } }] },
  });
  const refused = await list(account.viewer);
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
});

describe('staff decides that', () => {
  test('the customer pays: from what is available, the hold included', async () => {
    const { account, id, orderId } = await anException();
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '50.00' });
    expect(await outcome(decide(id, 'BOOKED_TO_CUSTOMER'))).toMatchObject({
      exception: { resolution: { kind: 'BOOKED_TO_CUSTOMER', reason: 'agreed' } },
    });
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'ACTIVE', posted: '30.00', held: '0.00', debt: '0.00' },
    });
    const items = await bank.deps.db.settlementItem.count({ where: { orderId } });
    const audits = await bank.deps.db.audit.findMany({
      where: { command: 'resolveBookingException', reason: 'agreed' },
    });
    expect([items, audits.some(({ subject }) => subject.startsWith(orderId))]).toEqual([1, true]);
  });

  test('the customer pays what is not there: it is owed, and the account is limited', async () => {
    const { account, id } = await anException();
    await deliver(bank, created(anOrder(account.id), '45'));
    await decide(id, 'BOOKED_TO_CUSTOMER');
    expect(await balancesOf(bank, account)).toMatchObject({
      ...{ status: 'LIMITED', posted: '45.00', held: '45.00', debt: '15.00' },
    });
  });

  test('the house pays: its account error, and no customer hears of the settlement', async () => {
    const { account, id, orderId } = await anException();
    const before = await houses();
    expect(await outcome(decide(id, 'BOOKED_TO_HOUSE'))).toMatchObject({ exception: {} });
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '0.00' });
    const after = await houses();
    expect([change('error'), change('clearing'), change('commission')]).toEqual([-70, 69, 1]);
    bank.clock.moveTo('2026-11-23T12:00:00.000Z');
    await bank.runJob('settle-due');
    const settled = await bank.published('accounts.funds-settled.v1');
    const [item] = await sql(
      `SELECT settled_at IS NOT NULL AS done FROM settlement_item WHERE order_id = '${orderId}'`,
    );
    const heard = settled.some(({ aggregateId }) => aggregateId.startsWith(orderId));
    expect([item?.['done'], heard]).toEqual([true, false]);

    function change(name: string): number {
      return Number(after.get(name)) - Number(before.get(name));
    }
  });

  test('nothing is booked: the hold goes back all the same', async () => {
    const { account, id } = await anException();
    await decide(id, 'DISMISSED');
    expect(await balancesOf(bank, account)).toMatchObject({ posted: '100.00', held: '0.00' });
  });
});

async function houses(): Promise<Map<string, string>> {
  const answer = await bank.as(operations)('{ houseBalances { account balance { amount } } }');
  const found = answer.data?.['houseBalances'] as {
    account: string;
    balance: { amount: string };
  }[];
  return new Map(found.map(({ account, balance }) => [account, balance.amount]));
}

test('a decision is made once, whoever asks again or at the same time', async () => {
  const { account, id } = await anException();
  const idempotencyKey = randomUUID();
  const again = () => decide(id, 'BOOKED_TO_CUSTOMER', { idempotencyKey });
  const answers = await Promise.all([again(), again(), decide(id, 'DISMISSED')]);
  const names = answers.map(({ data }) => JSON.stringify(data)).toSorted();
  expect(names.filter((text) => text.includes('ALREADY_RESOLVED')).length).toBeGreaterThan(0);
  const { posted } = await balancesOf(bank, account);
  const [one] = await sql(`SELECT kind FROM exception_resolution WHERE exception_id = '${id}'`);
  expect(posted).toBe(one?.['kind'] === 'DISMISSED' ? '100.00' : '30.00');
  const other = await outcome(decide(id, 'DISMISSED', { idempotencyKey }));
  expect(['IDEMPOTENCY_KEY_REUSED', 'ALREADY_RESOLVED']).toContain(
    (other as { code: string }).code,
  );
  await expect(
    sql(`INSERT INTO exception_resolution (exception_id, kind, reason, actor, at)
         VALUES ('${id}', 'DISMISSED', 'x', 'x', now())`),
  ).rejects.toThrow(/exception_resolution_pkey/);
});

test('the same key answers the same, and another request with it is refused', async () => {
  const { id } = await anException();
  const idempotencyKey = randomUUID();
  const first = await outcome(decide(id, 'DISMISSED', { idempotencyKey }));
  expect(await outcome(decide(id, 'DISMISSED', { idempotencyKey }))).toEqual(first);
  expect(await outcome(decide(id, 'BOOKED_TO_HOUSE', { idempotencyKey }))).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
});

test('what was not recorded can only be dismissed', async () => {
  const account = await anAccount(bank);
  const [id, orderId] = [randomUUID(), randomUUID()];
  await sql(
    `INSERT INTO booking_exception (id, order_id, execution_id, account_id, code, detail, at)
     VALUES ('${id}', '${orderId}', '1', '${account.id}', 'NO_HOLD', 'old', now())`,
  );
  expect(await outcome(decide(id, 'BOOKED_TO_CUSTOMER'))).toMatchObject({ code: 'NOT_BOOKABLE' });
  expect(await outcome(decide(id, 'DISMISSED'))).toMatchObject({ exception: {} });
});

test('only operations decide, with a reason, about what is there', async () => {
  const { id } = await anException();
  const support = principal('00000000-0000-4000-8000-00000000000b', 'support');
  const asSupport = await bank.as(support)(
    `mutation ($input: ResolveBookingExceptionInput!) {
       resolveBookingException(input: $input) { __typename } }`,
    { input: { exceptionId: id, kind: 'DISMISSED', reason: 'x', idempotencyKey: 'k' } },
  );
  expect(asSupport.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(await outcome(decide(id, 'DISMISSED', { reason: ' ' }))).toMatchObject({
    ...{ code: 'BAD_INPUT', field: 'input.reason' },
  });
  expect(await outcome(decide(randomUUID(), 'DISMISSED'))).toMatchObject({ code: 'NOT_FOUND' });
});
