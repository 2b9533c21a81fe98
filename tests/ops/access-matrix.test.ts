import { afterAll, beforeAll, expect, test } from 'vitest';
import { urlAs } from '../../tools/migrate/databases.ts';
import { queryAt } from './support/query.ts';
import { type BankServer, prepareBankServer } from './support/whole-bank.ts';

let bank: BankServer;
beforeAll(async () => {
  bank = await prepareBankServer();
});
afterAll(() => bank?.close());

const permissionDenied = '42501';
/** Every database lets its superuser in, and these have no other role. */
const administrative = ['postgres', 'template1'];

async function attempt(url: string): Promise<string> {
  try {
    await queryAt(url, 'SELECT 1');
    return 'opened';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

test('each role opens its own database and no other, in every pair of the table', async () => {
  const roles = Object.keys(bank.urls);
  const databases = [...roles, ...administrative];
  expect(roles).toHaveLength(9);
  const pairs = roles.flatMap((role) => databases.map((database) => ({ role, database })));
  const outcomes = await Promise.all(
    pairs.map(async ({ role, database }) => {
      const own = bank.urls[role] ?? '';
      return [`${role} in ${database}`, await attempt(urlAs(own, { database }))];
    }),
  );
  const expected = pairs.map(({ role, database }) => [
    `${role} in ${database}`,
    role === database ? 'opened' : permissionDenied,
  ]);
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(expected));
});

test('no role of a service makes databases, roles or tables', async () => {
  const forbidden = [
    'CREATE DATABASE mine',
    'CREATE ROLE mine',
    'CREATE TABLE mine (id int)',
    'CREATE SCHEMA mine',
    'CREATE TEMPORARY TABLE mine (id int)',
    'SELECT FROM _prisma_migrations',
  ];
  for (const context of bank.contexts) {
    const own = context === 'venue' ? 'book_order' : 'outbox_event';
    const reshaped = [`ALTER TABLE ${own} ADD COLUMN mine int`, `DROP TABLE ${own}`];
    const refused = [...forbidden, ...reshaped].map((sql) =>
      expect(queryAt(bank.urls[context] ?? '', sql), `${context}: ${sql}`).rejects.toMatchObject({
        code: permissionDenied,
      }),
    );
    await Promise.all(refused);
  }
});

test('a wrong password opens nothing', async () => {
  const url = urlAs(bank.urls['orders'] ?? '', { password: 'guessed' });
  expect(await attempt(url)).toBe('28P01');
});
