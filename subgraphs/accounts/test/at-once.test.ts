import { randomUUID } from 'node:crypto';
import type { Envelope } from '@simplebank/contracts/event';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  anAccount,
  anOrder,
  balancesOf,
  completed,
  created,
  deliver,
  filled,
  passPayments,
  type TestAccount,
} from './builders.ts';
import { brokenLaws, endMonths } from './ledger-builders.ts';
import { type Bank, operations, startBank } from './support/bank.ts';
import { askReversal } from './support/corrections.ts';
import { pay } from './support/payments.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

const accountsCount = 3;
const rounds = 12;

/** Repeats the same histories; the interleaving is up to PostgreSQL. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const random = randomFrom(7);
const oneOf = <T>(values: readonly T[]): T => {
  const found = values[random(values.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
};
const amount = () => `${1 + random(60)}.${10 + random(89)}`;

/** The events of an order: paid from its hold, too dear for it, late, a sale, or dust. */
function orderOf({ id }: TestAccount): Envelope[] {
  const kind = oneOf(['BUY', 'DEAR', 'LATE', 'SALE', 'DUST', 'CANCELED'] as const);
  const isSale = kind === 'SALE' || kind === 'DUST';
  const order = anOrder(id, isSale ? 'SELL' : 'BUY');
  const value = kind === 'DUST' ? '0' : amount();
  const commission = isSale ? '0.01' : '0';
  const begun = created(order, kind === 'DEAR' ? '0.50' : value);
  const fill = filled(order, { value, commission, late: kind === 'LATE' });
  if (kind === 'CANCELED') return [begun, completed(order, 0)];
  if (kind === 'LATE') return [begun, completed(order, 0, 4), fill];
  return [begun, fill, completed(order, 1)];
}

function shuffled<T>(values: readonly T[]): T[] {
  const left = [...values];
  return values.flatMap(() => left.splice(random(left.length), 1));
}

type Act = 'freezeAccount' | 'unfreezeAccount' | 'limitAccount' | 'liftLimit';
const staffActs: readonly Act[] = [
  ...(['freezeAccount', 'unfreezeAccount', 'limitAccount', 'liftLimit'] as const),
];

/** Success or refusal, whatever the state allows; only an error is wrong. */
async function change(name: string, { id, viewer }: TestAccount): Promise<void> {
  const isStaff = staffActs.some((act) => act === name);
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const why = isStaff ? { reason: 'seen by staff' } : {};
  const answer = await bank.as(isStaff ? operations : viewer)(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`,
    { input: { accountId: id, idempotencyKey: randomUUID(), ...why } },
  );
  expect(answer.errors).toBeUndefined();
}

/** Two of staff decide at once; false when there is nothing to decide. */
async function resolveOne(): Promise<boolean> {
  const open = await bank.deps.db.bookingException.findFirst({ where: { resolution: null } });
  if (!open) return false;
  const kind = oneOf(['BOOKED_TO_CUSTOMER', 'BOOKED_TO_HOUSE', 'DISMISSED']);
  const input = { exceptionId: open.id, kind, reason: 'seen', idempotencyKey: randomUUID() };
  const answers = await Promise.all(
    [1, 2].map((n) =>
      bank.as(operations)(
        `mutation ($input: ResolveBookingExceptionInput!) {
           resolveBookingException(input: $input) { __typename } }`,
        { input: { ...input, idempotencyKey: `${input.idempotencyKey}${n}` } },
      ),
    ),
  );
  expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
  return true;
}

/** Two of staff give the same commission back at once, if any is left. */
async function refundOne(): Promise<void> {
  const charged = await bank.deps.db.transaction.findFirst({
    where: {
      kind: 'SALE',
      reversedBy: null,
      entries: { some: { ledgerAccount: { kind: 'cash' } } },
    },
  });
  if (!charged) return;
  const asked = { transactionId: charged.id, part: 'COMMISSION' } as const;
  const answers = await Promise.all([1, 2].map(() => askReversal(bank, asked)));
  expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
}

/** Everything that moves money or states, on the same accounts in the same moment. */
async function allAtOnce(accounts: readonly TestAccount[]): Promise<void> {
  const events = shuffled(Array.from({ length: 8 }, () => orderOf(oneOf(accounts))).flat());
  const batches = [0, 1, 2].map((part) => events.filter((_, index) => index % 3 === part));
  const payments = Array.from({ length: 5 }, () => {
    const kind = oneOf(['Deposit', 'Withdrawal'] as const);
    const reference = oneOf(['RETURN', 'RENT', 'FAIL']);
    return pay(bank, oneOf(accounts), { kind, amount: amount(), reference });
  });
  const states = ['closeAccount', 'reopenAccount', ...staffActs];
  await Promise.all([
    ...batches.map((batch) => deliver(bank, ...batch)),
    // What a queue delivers twice.
    ...batches.map((batch) => deliver(bank, ...shuffled(batch))),
    ...payments,
    ...accounts.map((account) => change(oneOf(states), account)),
    ...accounts.map((account) => change(oneOf(states), account)),
    ...['advance-payments', 'advance-payments', 'settle-due', 'settle-due'].map(bank.runJob),
    ...['close-settled-accounts', 'ask-for-months'].map(bank.runJob),
    ...accounts.map(({ id }) => endMonths(bank, id)),
    resolveOne(),
    refundOne(),
  ]);
}

test('payments, fills, states, settlement and months at once: no deadlock, all laws', async () => {
  const accounts: TestAccount[] = [];
  for (let index = 0; index < accountsCount; index += 1) accounts.push(await anAccount(bank, '90'));
  for (let round = 0; round < rounds; round += 1) {
    await allAtOnce(accounts);
    bank.clock.advance(oneOf([1_500, 86_400_000, 5 * 86_400_000]));
    expect(await brokenLaws(sql)).toEqual([]);
  }
  // What is under way ends: staff has decided about everything, and nothing is parked.
  while (await resolveOne()) {
    // Until there is none.
  }
  for (const account of accounts) await change('unfreezeAccount', account);
  for (let pass = 0; pass < 10; pass += 1) await passPayments(bank);
  expect(await brokenLaws(sql)).toEqual([]);
  const refunds = await bank.deps.db.transaction.count({ where: { kind: 'CORRECTION' } });
  expect(refunds).toBeGreaterThan(0);
  expect(await bank.deps.db.parkedEvent.findMany()).toEqual([]);
  const alerts = bank.lines
    .filter(({ level }) => level === 'error')
    .map(({ fields }) => (fields as { alert?: string }).alert);
  expect(alerts.filter((alert) => alert !== 'BOOKING_EXCEPTION')).toEqual([]);
  for (const account of accounts) {
    const { status, held } = await balancesOf(bank, account);
    // A limit keeps withdrawals back, and what they hold.
    if (status !== 'LIMITED') expect([status, held]).toEqual([status, '0.00']);
  }
  // A session that ends hands in its count; what was retried silently is counted, too.
  await bank.deps.db.$disconnect();
  const counted = `SELECT deadlocks::int FROM pg_stat_database
    WHERE datname = current_database()`;
  expect(await sql(counted)).toEqual([{ deadlocks: 0 }]);
}, 180_000);
