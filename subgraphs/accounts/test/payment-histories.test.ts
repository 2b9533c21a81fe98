import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NoticeKind } from '../src/payments/domain/notice.ts';
import {
  aCustomer,
  anOrder,
  created,
  deliver,
  openAccount,
  submitAccount,
  type TestAccount,
  verify,
} from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { paid } from './support/payments.ts';
import { runWith, scriptedProvider, type Told } from './support/provider.ts';
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

/** Each is lived by two accounts and told in two orders. */
const histories = 40;

const cents = fc.integer({ min: 1, max: 30_000_00 });
type Fate = readonly NoticeKind[];
const fates: readonly Fate[] = [['CONFIRMED'], ['REFUSED'], ['CONFIRMED', 'RETURNED']];

const deposits = fc.array(fc.record({ amount: cents, returned: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});
const spendings = fc.array(
  fc.record({
    kind: fc.constantFrom('Withdrawal', 'Order'),
    /** Of what is still there. */
    percent: fc.integer({ min: 0, max: 100 }),
    fate: fc.constantFrom(...fates, null),
  }),
  { maxLength: 4 },
);
/** `fate` is null for a withdrawal that is canceled before it is sent. */
type Spending = { readonly kind: string; readonly amount: number; readonly fate: Fate | null };
type History = {
  readonly deposits: readonly { readonly amount: number; readonly returned: boolean }[];
  readonly spendings: readonly Spending[];
};

const total = (all: readonly { readonly amount: number }[]) =>
  all.reduce((sum, { amount }) => sum + amount, 0);

const history: fc.Arbitrary<History> = fc.tuple(deposits, spendings).map(([ins, outs]) => {
  let left = total(ins);
  const spent = outs.flatMap(({ kind, percent, fate }): Spending[] => {
    const amount = Math.floor((left * percent) / 100);
    left -= amount;
    return amount > 0 ? [{ kind, amount, fate }] : [];
  });
  return { deposits: ins, spendings: spent };
});

/** Shuffles what is told, repeats some of it and cuts it into batches; seeded by the history. */
type Telling = { readonly shuffle: readonly number[]; readonly size: number };
const telling: fc.Arbitrary<Telling> = fc.record({
  shuffle: fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
  size: fc.integer({ min: 1, max: 6 }),
});

function batchesOf(told: readonly Told[], { shuffle, size }: Telling): Told[][] {
  const repeated = told.filter((_, place) => (shuffle[place] ?? 0) % 3 === 0);
  const mixed = [...told, ...repeated]
    .map((each, place) => ({ each, at: shuffle[(place * 7) % shuffle.length] ?? 0, place }))
    .toSorted((one, other) => one.at - other.at || one.place - other.place)
    .map(({ each }) => each);
  const count = Math.ceil(mixed.length / size);
  return Array.from({ length: count }, (_, batch) => mixed.slice(batch * size, (batch + 1) * size));
}

const money = (amount: number) => (amount / 100).toFixed(2);

/** Lives a history: deposits arrive, money is spent, and only then does any of it go back. */
async function live(account: Account, { deposits: ins, spendings: outs }: History, how: Telling) {
  const scripted = scriptedProvider();
  // A stream of its own, from its beginning.
  const provider = { ...scripted.provider, name: account.id };
  const tell = async (told: readonly Told[]) => {
    await runWith(bank, provider);
    for (const batch of batchesOf(told, how)) {
      scripted.tell(...batch);
      await runWith(bank, provider);
    }
  };
  const arrived: Told[] = [];
  const gone: Told[] = [];
  for (const { amount, returned } of ins) {
    const paymentId = await paid(bank, account, { kind: 'Deposit', amount: money(amount) });
    arrived.push({ paymentId, kind: 'CONFIRMED' });
    if (returned) gone.push({ paymentId, kind: 'RETURNED' });
  }
  await tell(arrived);
  for (const spending of outs) gone.push(...(await spend(account, spending)));
  await tell([...gone, ...arrived]);
}

async function spend(account: Account, { kind, amount, fate }: Spending): Promise<Told[]> {
  if (kind === 'Order') {
    await deliver(bank, created(anOrder(account.id), money(amount)));
    return [];
  }
  const paymentId = await paid(bank, account, { kind: 'Withdrawal', amount: money(amount) });
  if (fate) return fate.map((each) => ({ paymentId, kind: each }));
  await bank.as(account.viewer)(
    `mutation ($input: CancelPaymentInput!) { cancelPayment(input: $input) { __typename } }`,
    { input: { paymentId, idempotencyKey: randomUUID() } },
  );
  return [];
}

/** What payments and holds leave, by the domain's words: nobody owes while money is available. */
function expected({ deposits: ins, spendings: outs }: History) {
  const held = total(outs.filter(({ kind }) => kind === 'Order'));
  const withdrawn = outs.filter(
    ({ kind, fate }) => kind !== 'Order' && fate?.join() === 'CONFIRMED',
  );
  const net = total(ins.filter(({ returned }) => !returned)) - total(withdrawn);
  const owed = Math.max(0, held - net);
  const status = owed > 0 ? 'LIMITED' : 'ACTIVE';
  return { posted: money(net + owed), held: money(held), owed: money(owed), status };
}

async function endOf({ id: accountId }: Account) {
  const [row] = await sql(`
    SELECT cash.posted::numeric(20,2)::text AS posted, cash.held::numeric(20,2)::text AS held,
           (-debt.posted)::numeric(20,2)::text AS owed, a.status
    FROM account a
    JOIN ledger_account cash ON cash.account_id = a.id AND cash.kind = 'cash'
    JOIN ledger_account debt ON debt.account_id = a.id AND debt.kind = 'debt'
    WHERE a.id = '${accountId}'`);
  return { ...row, owed: String(row?.['owed']).replace('-0.00', '0.00') };
}

/** Laws 1 and 2 of domain §13, and what payments have moved, over everything so far. */
const laws = `SELECT
  (SELECT count(*) FROM (SELECT FROM entry GROUP BY transaction_id, currency
     HAVING sum(amount) <> 0 OR count(*) < 2) AS uneven)::int AS uneven,
  (SELECT coalesce(sum(amount), 0) FROM entry)::float AS total,
  (SELECT count(*) FROM ledger_account WHERE kind = 'cash' AND posted < held)::int AS negative,
  (SELECT count(*) FROM ledger_account l WHERE kind = 'cash' AND held <> (
     SELECT coalesce(sum(h.amount), 0) FROM hold h WHERE h.ledger_account_id = l.id
       AND NOT EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id)))::int AS held,
  (SELECT count(*) FROM account a WHERE
     (SELECT sum(posted) FROM ledger_account l WHERE l.account_id = a.id) <> (
      SELECT coalesce(sum(CASE kind WHEN 'DEPOSIT' THEN amount ELSE -amount END), 0)
      FROM payment p WHERE p.account_id = a.id AND p.status = 'COMPLETED'))::int AS payments,
  (SELECT count(*) FROM payment_notice WHERE state NOT IN ('APPLIED', 'REPEATED'))::int AS left`;
type Account = Pick<TestAccount, 'id' | 'viewer'>;
const accountsPerOwner = 20;

/** Opens accounts for verified customers, a few of whom own all of them. */
function accountsOf(given: Bank): () => Promise<Account> {
  let owner: { viewer: Viewer; left: number } | null = null;
  return async () => {
    if (!owner || owner.left === 0) {
      const { viewer } = await aCustomer(given);
      await verify(given, viewer);
      owner = { viewer, left: accountsPerOwner };
    }
    owner.left -= 1;
    const { viewer } = owner;
    const { id } = await openAccount(given, viewer);
    await submitAccount(given, viewer, id);
    return { id, viewer };
  };
}

const nothing = { uneven: 0, total: 0, negative: 0, held: 0, payments: 0, left: 0 };

test('however the provider tells of it and how often, payments leave the same money', async () => {
  const open = accountsOf(bank);
  let owing = 0;
  const told = fc.tuple(telling, telling);
  const property = fc.asyncProperty(history, told, async (lived, tellings) => {
    const ends = [];
    for (const how of tellings) {
      const account = await open();
      await live(account, lived, how);
      ends.push(await endOf(account));
    }
    const end = expected(lived);
    expect(ends).toEqual([end, end]);
    expect((await sql(laws))[0]).toEqual(nothing);
    if (end.status === 'LIMITED') owing += 1;
  });
  await fc.assert(property, { numRuns: histories });
  // Else the histories would prove nothing about debt.
  expect(owing).toBeGreaterThan(0);
}, 600_000);
