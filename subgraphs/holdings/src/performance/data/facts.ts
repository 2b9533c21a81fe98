import type { Tx } from '../../data/client.ts';
import type { CashFact } from '../domain/cash-fact.ts';
import type { Close } from '../domain/close.ts';

/** Each fact once; triggers mark from which day on its account is to be valued again. */
export async function insertCashFacts(tx: Tx, facts: readonly CashFact[]): Promise<void> {
  if (facts.length === 0) return;
  const column = <K extends keyof CashFact>(name: K) => facts.map((fact) => fact[name]);
  await tx.$executeRaw`
    /* performance.insert-cash-facts */
    INSERT INTO cash_fact (kind, reference, account_id, day, amount, currency)
    SELECT * FROM unnest(
      ${column('kind')}::text[], ${column('reference')}::text[], ${column('accountId')}::uuid[],
      ${column('day')}::date[], ${facts.map(({ amount }) => amount.toFixed())}::numeric[],
      ${column('currency')}::text[])
    ON CONFLICT DO NOTHING`;
}

/** Keeps the closes of the higher versions. Given in key order, each asset and day once. */
export async function saveCloses(tx: Tx, closes: readonly Close[]): Promise<void> {
  if (closes.length === 0) return;
  const column = <K extends keyof Close>(name: K) => closes.map((close) => close[name]);
  await tx.$executeRaw`
    /* performance.save-closes */
    INSERT INTO asset_close (asset_id, day, close, version)
    SELECT * FROM unnest(
      ${column('assetId')}::uuid[], ${column('day')}::date[],
      ${closes.map(({ close }) => close.toFixed())}::numeric[], ${column('version')}::int[])
    ON CONFLICT (asset_id, day) DO UPDATE SET close = excluded.close, version = excluded.version
    WHERE asset_close.version < excluded.version`;
}
