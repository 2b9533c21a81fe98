import type { Database, Tx } from '../../data/client.ts';
import type { Election } from '../domain/election.ts';

type Reader = Database | Tx;

/** The latest of each account in the order of `accountIds`; null where there never was one. */
export async function currentElections(
  db: Reader,
  accountIds: readonly string[],
): Promise<readonly (Election | null)[]> {
  const rows = await db.$queryRaw<Election[]>`/* strategies.current-elections */
    SELECT account_id::text AS "accountId", sequence, strategy_id::text AS "strategyId",
      customer_id::text AS "customerId", at
    FROM unnest(${[...accountIds]}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT * FROM election WHERE account_id = asked.id ORDER BY sequence DESC LIMIT 1) AS latest`;
  const byAccount = new Map(rows.map((row) => [row.accountId, row]));
  return accountIds.map((id) => byAccount.get(id) ?? null);
}

export type ElectionPage = {
  readonly accountId: string;
  readonly first: number;
  /** Before this sequence; null for the newest. */
  readonly after: number | null;
};

/** The pages' elections, newest first, one more than asked for; one statement for all accounts. */
export async function listElections(
  db: Reader,
  pages: readonly ElectionPage[],
): Promise<readonly (readonly Election[])[]> {
  const asked = pages.map(({ accountId, first, after }, page) => {
    return { page, account: accountId, most: first + 1, after };
  });
  type Row = Election & { readonly page: number };
  const rows = await db.$queryRaw<Row[]>`/* strategies.list-elections */
    SELECT page, account_id::text AS "accountId", sequence, strategy_id::text AS "strategyId",
      customer_id::text AS "customerId", at
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      AS asked (page int, account uuid, most int, after int)
    CROSS JOIN LATERAL (
      SELECT * FROM election WHERE account_id = asked.account
        AND (asked.after IS NULL OR sequence < asked.after)
      ORDER BY sequence DESC LIMIT most) AS listed
    ORDER BY page, sequence DESC`;
  return pages.map((_, nth) =>
    rows.flatMap(({ page, ...election }) => (page === nth ? [election] : [])),
  );
}

/** Two who decide for one account at the same time do so one after the other. */
export async function lockElections(tx: Tx, accountId: string): Promise<Election | null> {
  await tx.$queryRaw`/* strategies.lock-elections */
    SELECT id::text FROM account WHERE id = ${accountId}::uuid FOR UPDATE`;
  const [current] = await currentElections(tx, [accountId]);
  return current ?? null;
}

export async function insertElection(tx: Tx, election: Election): Promise<void> {
  await tx.election.create({ data: election });
}
