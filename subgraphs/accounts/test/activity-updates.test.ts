import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aCustomer, anAccount, deposit, resultOf, type TestAccount } from './builders.ts';
import { type Bank, startBank } from './support/bank.ts';
import { openSql, type Sql } from './support/sql.ts';

let bank: Bank;
let sql: Sql;
let account: TestAccount;
beforeAll(async () => {
  bank = await startBank();
  sql = await openSql(bank.databaseUrl);
  account = await anAccount(bank, '10');
});
afterAll(async () => {
  await sql.end();
  await bank.stop();
});

const since = `query ($accountId: ID!, $after: String, $first: Int) {
  accountActivitySince(accountId: $accountId, after: $after, first: $first) {
    accountId cursor hasMore
    nodes { cursor activity { kind amount { amount } } account { id } } } }`;

type Page = {
  readonly accountId: string;
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly nodes: readonly {
    readonly cursor: string;
    readonly activity: { readonly kind: string; readonly amount: { readonly amount: string } };
    readonly account: { readonly id: string };
  }[];
};

async function pageSince(after: string | null, first = 100): Promise<Page> {
  const variables = { accountId: account.id, after, first };
  return resultOf<Page>(await bank.as(account.viewer)(since, variables), 'accountActivitySince');
}

/** Other tests share the server: a transaction of theirs may delay what is told. */
const waiting = { timeout: 30_000, interval: 20 };

/** A cursor after all that has happened so far. */
let now = '';
beforeEach(async () => {
  const unfinished = `SELECT count(*)::int AS count FROM activity
    WHERE recorded_in >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;
  await expect.poll(() => sql(unfinished), waiting).toEqual([{ count: 0 }]);
  now = (await pageSince(null)).cursor;
});

/** Reads on from `now`, page by page, until so many activities have been told. */
async function told(count: number, first = 100): Promise<string[]> {
  const seen: string[] = [];
  let after = now;
  await expect
    .poll(async () => {
      const { nodes, cursor } = await pageSince(after, first);
      seen.push(...nodes.map(({ activity }) => `${activity.kind} ${activity.amount.amount}`));
      after = cursor;
      return seen.length;
    }, waiting)
    .toBeGreaterThanOrEqual(count);
  return seen;
}

describe('the activity of an account', () => {
  test('begins with now, and tells each deposit once, whatever the page', async () => {
    expect((await pageSince(null)).nodes).toEqual([]);
    for (const amount of ['1', '2', '3']) await deposit(bank, account, amount);
    for (const first of [1, 2, 100]) {
      expect(await told(3, first)).toEqual(['DEPOSIT 1.00', 'DEPOSIT 2.00', 'DEPOSIT 3.00']);
    }
    const { accountId, hasMore, nodes } = await pageSince(now, 2);
    expect({ accountId, hasMore }).toEqual({ accountId: account.id, hasMore: true });
    expect(nodes.map((node) => node.account.id)).toEqual([account.id, account.id]);
  });

  test('does not skip what a transaction that began earlier commits later', async () => {
    const late = await openSql(bank.databaseUrl);
    try {
      await late('BEGIN');
      await late(`INSERT INTO activity (account_id, at, kind, amount, currency)
        VALUES ('${account.id}', now(), 'SPLIT', 0, 'USD')`);
      await deposit(bank, account, '4');
      expect((await pageSince(now)).nodes).toEqual([]);
      await late('COMMIT');
    } finally {
      await late.end();
    }
    expect(await told(2)).toEqual(['SPLIT 0.00', 'DEPOSIT 4.00']);
  });

  test('of before there were updates is told to nobody', async () => {
    await sql(`INSERT INTO activity (account_id, at, kind, amount, currency, recorded_in)
      VALUES ('${account.id}', now(), 'SETTLEMENT', 0, 'USD', NULL)`);
    await deposit(bank, account, '5');
    await told(1);
    const beginning = Buffer.from(JSON.stringify(['0', '0'])).toString('base64url');
    const kinds = (await pageSince(beginning)).nodes.map(({ activity }) => activity.kind);
    expect(kinds).toContain('DEPOSIT');
    expect(kinds).not.toContain('SETTLEMENT');
  });
});

describe('who may follow an account', () => {
  type Fault = { readonly message: string; readonly extensions: { code: string; field?: string } };
  const faults = async (viewer: TestAccount['viewer'], variables: object) => {
    const answer = await bank.as(viewer)(since, { accountId: account.id, ...variables });
    return ((answer.errors ?? []) as unknown as Fault[]).map(({ message, extensions }) => [
      extensions.code,
      extensions.field,
      message,
    ]);
  };
  const absent = [['NOT_FOUND', 'accountId', 'There is no such account.']];

  test("another customer's account answers as one that does not exist", async () => {
    const { viewer } = await aCustomer(bank);
    expect(await faults(account.viewer, {})).toEqual([]);
    expect(await faults(viewer, {})).toEqual(absent);
    expect(await faults(viewer, { accountId: randomUUID() })).toEqual(absent);
  });

  test.each([
    'x',
    btoa(JSON.stringify(['1'])),
    btoa(JSON.stringify(['-1', '1'])),
    btoa(JSON.stringify(['9'.repeat(18), '1'])),
  ])('the cursor %s is not ours', async (after) => {
    const [fault] = await faults(account.viewer, { after });
    expect(fault?.slice(0, 2)).toEqual(['BAD_INPUT', 'after']);
  });
});
