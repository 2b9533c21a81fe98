import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { expect } from 'vitest';
import type { WholeBank } from '../../e2e/whole-bank.ts';

/** One row or some that say something else than they should. */
export type Damage = {
  readonly what: string;
  readonly context: string;
  readonly law: string;
  readonly where?: string;
  readonly table: string;
  /** Rows of the table to be damaged, all of them of the investor. */
  readonly rows: string;
  /** Null deletes them. */
  readonly set: string | null;
  /** The bank as a whole, no account. */
  readonly ofBank?: true;
};

type Place = { readonly bank: WholeBank; readonly context: string };

/** Around every guard of the database, as a superuser with bad intentions or a bad disk. */
export async function force(place: Place, text: string): Promise<Record<string, unknown>[]> {
  const { bank, context } = place;
  const client = new Client({ connectionString: bank.databases[context]?.adminUrl });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Damages rows, answers how to put them back as they were. */
export async function damage(bank: WholeBank, planned: Damage): Promise<() => Promise<unknown>> {
  const { context, rows, set } = planned;
  const place = { bank, context };
  const table = escapeIdentifier(planned.table);
  const select = `SELECT to_jsonb(t)::text AS row FROM ${table} AS t WHERE ${rows}`;
  const kept = await force(place, select);
  expect(kept.length, 'rows to damage').toBeGreaterThan(0);
  const json = escapeLiteral(`[${kept.map(({ row }) => row).join()}]`);
  const change = set === null ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${set}`;
  await force(place, `${change} WHERE ${rows}`);
  const whole = `json_populate_recordset(NULL::${table}, ${json}::json)`;
  return async () => {
    const same = await keyColumns(place, table);
    const match = same.map((name) => `damaged.${name} = whole.${name}`).join(' AND ');
    await force(place, `DELETE FROM ${table} AS damaged USING ${whole} AS whole WHERE ${match}`);
    await force(place, `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM ${whole}`);
  };
}

async function keyColumns(place: Place, table: string): Promise<string[]> {
  const rows = await force(
    place,
    `SELECT a.attname AS name FROM pg_index i
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
     WHERE i.indrelid = ${escapeLiteral(table)}::regclass AND i.indisprimary`,
  );
  return rows.map(({ name }) => String(name));
}
