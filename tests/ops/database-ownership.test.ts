import { afterAll, beforeAll, expect, test } from 'vitest';
import { urlAs } from '../../tools/migrate/databases.ts';
import { readSource } from '../../tools/migrate/history.ts';
import { queryAt } from './support/query.ts';
import { type BankServer, prepareBankServer } from './support/whole-bank.ts';

let bank: BankServer;
beforeAll(async () => {
  bank = await prepareBankServer();
});
afterAll(() => bank?.close());

/** Names that a Prisma schema gives to its tables. */
function tablesOf(schema: string): string[] {
  const models = [...schema.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)];
  return models.map(([, name = '', body = '']) => /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name);
}

const listTables = `
  SELECT table_schema AS "schema", table_name AS "table" FROM information_schema.tables
   WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`;

const listDoorsOut = `
  SELECT 'foreign server ' || srvname AS door FROM pg_foreign_server
  UNION ALL SELECT 'wrapper ' || fdwname FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'extension ' || extname FROM pg_extension
            WHERE extname IN ('dblink', 'postgres_fdw', 'file_fdw')
  UNION ALL SELECT 'subscription ' || subname FROM pg_subscription`;

test('every live database holds the tables of its own schema and nothing else', async () => {
  for (const context of bank.contexts) {
    const url = urlAs(bank.adminUrl, { database: context });
    const live = await queryAt<{ schema: string; table: string }>(url, listTables);
    const wanted = [...tablesOf(readSource(context).schema), '_prisma_migrations'];
    expect(live.map(({ schema, table }) => `${schema}.${table}`).sort(), context).toEqual(
      wanted.map((table) => `public.${table}`).sort(),
    );
  }
});

test('no database has a way into another', async () => {
  for (const context of bank.contexts) {
    const url = urlAs(bank.adminUrl, { database: context });
    expect(await queryAt(url, listDoorsOut), context).toEqual([]);
  }
});

/** An outside party takes no part in the bank's messaging. */
const speaksByEvents = (name: string) => name !== 'venue';

test('every context carries the messaging tables and their indexes', async () => {
  const indexes = [
    'outbox_event_unpublished',
    'outbox_event_unpublished_aggregate',
    'parked_event_aggregate',
    'parked_event_due',
  ];
  const list = indexes.map((name) => `'${name}'`).join();
  const sql = `SELECT indexname AS name FROM pg_indexes WHERE indexname IN (${list}) ORDER BY 1`;
  for (const context of bank.contexts.filter(speaksByEvents)) {
    const found = await queryAt<{ name: string }>(urlAs(bank.adminUrl, { database: context }), sql);
    expect(
      found.map(({ name }) => name),
      context,
    ).toEqual(indexes);
  }
});
