import { expect, inject, test } from 'vitest';
import { difference } from '../../tools/migrate/difference.ts';
import { contextsWithDatabase, readSource } from '../../tools/migrate/history.ts';

const server = () => inject('postgresUrl');

test.each(contextsWithDatabase())('the migrations of %s end at its schema', async (context) => {
  expect(await difference(readSource(context), server())).toBe('');
});

test('a column that no migration makes is seen', async () => {
  const source = readSource('orders');
  const schema = source.schema.replace('model InboxEvent {', 'model InboxEvent {\n  planted Int');
  expect(await difference({ ...source, schema }, server())).toContain('ADD COLUMN');
});

test('a table that the schema lacks is seen', async () => {
  const source = readSource('orders');
  const planted = { name: '99990101000000_planted', checksum: '', sql: 'CREATE TABLE p (id int);' };
  const migrations = [...source.migrations, planted];
  expect(await difference({ ...source, migrations }, server())).toContain('DROP TABLE "p"');
});

test('a migration that does not run is named by its context, with the cause', async () => {
  const source = readSource('orders');
  const planted = { name: '99990101000000_planted', checksum: '', sql: 'CREATE NONSENSE;' };
  const failing = difference({ ...source, migrations: [planted] }, server());
  await expect(failing).rejects.toMatchObject({
    message: 'the migrations of orders do not run',
    cause: { message: expect.stringContaining('syntax error') },
  });
});
