import { randomUUID } from 'node:crypto';
import { createEmptyDatabase } from '@simplebank/testkit/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../tools/migrate/apply.ts';
import { readSource } from '../../tools/migrate/history.ts';
import { queryAt } from './support/query.ts';

const firstRelease = '20261121170000';
let url = '';
let drop = async () => {};
beforeAll(async () => {
  const database = await createEmptyDatabase('first_release_assets');
  url = database.adminUrl;
  drop = database.drop;
});
afterAll(() => drop());

/** As the first release registers: it knows neither ticks nor a search of its own. */
const registered = (id: string, symbol: string, state: string) => `
  INSERT INTO asset (id, symbol, name, type, sector, sub_industry, currency, fractionable, state,
    version, created_at, updated_at)
  VALUES ('${id}', '${symbol}', 'Estée ${symbol}', 'STOCK', 'Energy', NULL, 'USD', true, '${state}',
    3, now(), now())`;

test('assets of the first release go on, with the usual ticks, and are found', async () => {
  const whole = readSource('assets');
  const migrations = whole.migrations.filter(({ name }) => name < firstRelease);
  await migrate({ source: { ...whole, migrations }, url });
  const [early, late] = [randomUUID(), randomUUID()];
  await queryAt(url, registered(early, 'ABC', 'HALTED'));
  // Its quotes were not crossed, but the last price may lie beside them.
  await queryAt(url, `INSERT INTO quote VALUES ('${early}', 1, 2, 3, 7, now())`);
  await migrate({ source: whole, url });
  // Processes of the release before go on until they are replaced.
  await queryAt(url, registered(late, 'XYZ', 'ACTIVE'));

  const ticks = 'SELECT symbol, state, tick_from::text, tick_size::text FROM asset ORDER BY symbol';
  const usual = { tick_from: '{0.000000,1.000000}', tick_size: '{0.000100,0.010000}' };
  expect(await queryAt(url, ticks)).toEqual([
    { symbol: 'ABC', state: 'HALTED', ...usual },
    { symbol: 'XYZ', state: 'ACTIVE', ...usual },
  ]);
  const found = 'SELECT symbol, state, version, form FROM search_document';
  expect(await queryAt(url, found)).toEqual([
    { symbol: 'ABC', state: 'HALTED', version: 3, form: 0 },
  ]);
  const next = `UPDATE quote SET bid = 1, last = 2, ask = 3, sequence = 8 RETURNING sequence::int`;
  expect(await queryAt(url, next)).toEqual([{ sequence: 8 }]);
});
