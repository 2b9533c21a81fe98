import type { Tx } from '../../data/client.ts';
import type { Elected, Election, StrategyVersion } from '../domain/strategy.ts';

/** Keeps the rows of the higher versions. Given in key order, each strategy once. */
export async function saveStrategies(tx: Tx, versions: readonly StrategyVersion[]): Promise<void> {
  const column = <K extends keyof StrategyVersion>(name: K) => versions.map((row) => row[name]);
  await tx.$executeRaw`
    /* performance.save-strategies */
    INSERT INTO strategy (id, number, name, version, slices)
    SELECT id, number, name, version, slices::jsonb FROM unnest(
      ${column('id')}::uuid[], ${column('number')}::text[], ${column('name')}::text[],
      ${column('version')}::int[],
      ${versions.map(({ slices }) => JSON.stringify(slices))}::text[])
      AS told (id, number, name, version, slices)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name,
      version = excluded.version, slices = excluded.slices
    WHERE strategy.version < excluded.version`;
}

/** Keeps the rows of the higher versions. Given in key order, each account once. */
export async function saveElections(tx: Tx, elections: readonly Election[]): Promise<void> {
  const column = <K extends keyof Election>(name: K) => elections.map((row) => row[name]);
  await tx.$executeRaw`
    /* performance.save-elections */
    INSERT INTO election (account_id, strategy_id, version)
    SELECT * FROM unnest(${column('accountId')}::uuid[], ${column('strategyId')}::uuid[],
                         ${column('version')}::int[])
    ON CONFLICT (account_id) DO UPDATE SET
      strategy_id = excluded.strategy_id, version = excluded.version
    WHERE election.version < excluded.version`;
}

/** In the order of the ids; null for an account that follows no strategy that is known here. */
export async function findElected(db: Tx, ids: readonly string[]): Promise<(Elected | null)[]> {
  const rows = await db.$queryRaw<(Elected & { accountId: string })[]>`
    /* performance.elected */
    SELECT election.account_id AS "accountId", strategy.id AS "strategyId", strategy.name,
      strategy.version,
      (SELECT jsonb_agg(slice || jsonb_build_object('symbol', asset.symbol) ORDER BY place)
       FROM jsonb_array_elements(strategy.slices) WITH ORDINALITY AS listed (slice, place)
       LEFT JOIN asset ON asset.id = (slice ->> 'assetId')::uuid) AS slices
    FROM election JOIN strategy ON strategy.id = election.strategy_id
    WHERE election.account_id = ANY(${[...ids]}::uuid[])`;
  const byAccount = new Map(rows.map((row) => [row.accountId, row]));
  return ids.map((id) => byAccount.get(id) ?? null);
}
