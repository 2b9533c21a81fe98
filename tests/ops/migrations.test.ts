import { createHash } from 'node:crypto';
import { createEmptyDatabase } from '@simplebank/testkit/database';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../tools/migrate/apply.ts';
import type { Migration, Source } from '../../tools/migrate/history.ts';
import { queryAt } from './support/query.ts';

const drops: (() => Promise<void>)[] = [];
let url = '';
beforeEach(async () => {
  const database = await createEmptyDatabase('migrations');
  url = database.adminUrl;
  drops.push(database.drop);
});
afterAll(async () => {
  for (const drop of drops) await drop();
});

const schema = `
datasource db { provider = "postgresql" }
model Thing { id Int @id  @@map("thing") }`;

const digest = (sql: string) => createHash('sha256').update(sql).digest('hex');
const written = (name: string, sql: string): Migration => ({ name, sql, checksum: digest(sql) });
const source = (...migrations: Migration[]): Source => ({
  ...{ context: 'planted', folder: '/planted/migrations', schema, migrations },
});

const first = written('20260101000000_first', 'CREATE TABLE thing (id int PRIMARY KEY);');
const guarded = written(
  '20260102000000_guarded',
  `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'no; never'; END; $$;
   CREATE TRIGGER thing_append_only BEFORE UPDATE ON thing EXECUTE FUNCTION refuse();`,
);
const broken = written(
  '20260103000000_broken',
  'CREATE TABLE half (id int);\nALTER TABLE nowhere ADD COLUMN x int;\n',
);

const tables = async () => {
  const sql = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
  const rows = await queryAt<{ name: string }>(url, sql);
  return rows.map(({ name }) => name).filter((name) => name !== '_prisma_migrations');
};

test('migrations are applied once, in order and whole; a second run applies nothing', async () => {
  const all = source(first, guarded);
  expect(await migrate({ source: all, url })).toEqual([first.name, guarded.name]);
  expect(await migrate({ source: all, url })).toEqual([]);
  await queryAt(url, 'INSERT INTO thing VALUES (1)');
  await expect(queryAt(url, 'UPDATE thing SET id = 2')).rejects.toThrow('no; never');
});

test('several migrators at once apply everything exactly once', async () => {
  const all = source(first, guarded);
  const runs = await Promise.all([1, 2, 3].map(() => migrate({ source: all, url })));
  expect(runs.flat().sort()).toEqual([first.name, guarded.name]);
});

test('a file edited after it was applied stops the run before anything is touched', async () => {
  await migrate({ source: source(first), url });
  const edited = written(first.name, `${first.sql} -- changed`);
  const later = written('20260104000000_later', 'CREATE TABLE later (id int);');
  await expect(migrate({ source: source(edited, later), url })).rejects.toThrow(
    'was edited after it was applied',
  );
  expect(await tables()).toEqual(['thing']);
});

test('a failure is told in the words of PostgreSQL and leaves nothing behind', async () => {
  const running = migrate({ source: source(first, broken), url });
  await expect(running).rejects.toThrow(
    `${broken.name}/migration.sql: relation "nowhere" does not exist`,
  );
  expect(await tables()).toEqual(['thing']);
});

test('after a failure nothing goes on until it is corrected and asked for again', async () => {
  await expect(migrate({ source: source(first, broken), url })).rejects.toThrow('nowhere');
  const corrected = source(first, written(broken.name, 'CREATE TABLE half (id int);'));
  await expect(migrate({ source: corrected, url })).rejects.toThrow(
    'failed before (relation "nowhere" does not exist)',
  );
  expect(await tables()).toEqual(['thing']);
  expect(await migrate({ source: corrected, url, retry: true })).toEqual([broken.name]);
  expect(await tables()).toEqual(['half', 'thing']);
});

test('a database that is ahead of this release is left alone', async () => {
  await migrate({ source: source(first, guarded), url });
  expect(await migrate({ source: source(first), url })).toEqual([]);
});
