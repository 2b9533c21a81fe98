import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metrics } from '@simplebank/chassis/metrics';
import { eventually } from '@simplebank/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contexts } from '../../tools/embedded/settings.ts';
import { parseArguments } from '../../tools/reconcile/arguments.ts';
import { closeFeeds, openFeeds } from '../../tools/reconcile/feeds.ts';
import { pagesOf } from '../../tools/reconcile/pages.ts';
import { createReconciler } from '../../tools/reconcile/watch.ts';
import { newInvestor } from '../e2e/people.ts';
import { startWholeBank, type WholeBank } from '../e2e/whole-bank.ts';
import { runReconciler } from '../support/reconcile.ts';
import { damage } from './support/damage.ts';

let bank: WholeBank;
let accountId = '';
beforeAll(async () => {
  bank = await startWholeBank();
  accountId = (await newInvestor(bank.web, '10.00')).accountId;
}, 60_000);
afterAll(() => bank?.close());

const urls = () =>
  Object.fromEntries(contexts.map((name) => [name, bank.databases[name]?.url ?? '']));
const distributed = () =>
  Object.fromEntries(contexts.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, urls()[name]]));
const aDepositGrows = {
  ...{ what: '', law: '', context: 'accounts', table: 'payment', rows: 'true' },
  set: 'amount = amount + 1',
};

test('the command ends with 0 without drift and with 1 and a table with drift', async () => {
  const args = ['--wait', '200ms'];
  const healthy = await runReconciler({ args, env: distributed() });
  expect(healthy).toMatchObject({ code: 0, complained: '' });
  expect(healthy.said).toContain('Drift: 0');
  const repair = await damage(bank, aDepositGrows);
  const damaged = await runReconciler({ args: [...args, '--json'], env: distributed() });
  await repair();
  expect(damaged.code).toBe(1);
  expect(JSON.parse(damaged.said).drift).toMatchObject([
    {
      law: 'cash = payments − net buys − fees + dividends',
      accountId,
      expected: '11',
      actual: '10',
    },
  ]);
}, 60_000);

test('it ends with 2 and says why when it cannot compare', async () => {
  const some = { ...distributed(), ORDERS_DATABASE_URL: '', MARKET_DATABASE_URL: '' };
  const partly = await runReconciler({ args: [], env: some });
  expect(partly).toMatchObject({ code: 2, said: '' });
  expect(partly.complained).toContain('Not set: ORDERS_DATABASE_URL, MARKET_DATABASE_URL');

  const dataDir = mkdtempSync(join(tmpdir(), 'simplebank-stopped-'));
  const stopped = await runReconciler({ args: [], env: { SIMPLEBANK_DATA_DIR: dataDir } });
  rmSync(dataDir, { recursive: true });
  expect(stopped.code).toBe(2);
  expect(stopped.complained).toMatch(/does not run: start it with npm start/);

  const away = distributed()['ORDERS_DATABASE_URL']?.replace(/:\d+\//, ':1/') ?? '';
  const lost = await runReconciler({
    args: [],
    env: { ...distributed(), ORDERS_DATABASE_URL: away },
  });
  expect(lost.code).toBe(2);
  expect(lost.complained).toContain('The bank could not be read');
}, 90_000);

test.each([
  [[], { waitMs: 10_000, json: false, everyMs: null, metricsPort: 0, repair: false }],
  [
    ['--wait', '2m', '--json'],
    { waitMs: 120_000, json: true, everyMs: null, metricsPort: 0, repair: false },
  ],
  [
    ['--every', '60s', '--metrics-port', '9400'],
    { everyMs: 60_000, metricsPort: 9400, repair: false },
  ],
])('%j is understood', (args, wish) => {
  expect(parseArguments(args)).toMatchObject(wish);
});

test.each([['--wait'], ['--wait 10'], ['--every 0s'], ['--metrics-port 70000'], ['--fix']])(
  '%s is refused with the usage',
  (text) => {
    expect(parseArguments(text.split(' '))).toBeNull();
  },
);

test('a reconciler that goes on tells drift as a gauge and an alert, one at a time', async () => {
  const lines: { alert?: string; error_code?: string }[] = [];
  const log = { child: () => log, ...quietLog(lines) };
  const repair = await damage(bank, aDepositGrows);
  const feeds = openFeeds(urls());
  const part = createReconciler({ feeds, log, everyMs: 50, waitMs: 0 });
  await part.start();
  const gauge = () => metrics.getSingleMetricAsString('simplebank_reconciler_drift');
  await eventually(async () => expect(await gauge()).toMatch(/drift 1$/));
  expect(lines).toContainEqual(expect.objectContaining({ alert: 'ReconcilerDrift' }));
  await repair();
  await eventually(async () => expect(await gauge()).toMatch(/drift 0$/));
  await part.close();

  const other = openFeeds(urls());
  const third = openFeeds(urls());
  const period = '2999-01-01';
  const idle = { period, work: async () => expect.unreachable() };
  const work = async () => {
    // Another instance does nothing now, not even what belongs to the next period.
    expect(await third.accounts.alone({ ...idle, period: '2999-01-02' })).toBe(false);
  };
  expect(await other.accounts.alone({ period, work })).toBe(true);
  expect(await third.accounts.alone(idle)).toBe(false);
  await Promise.all([closeFeeds(other), closeFeeds(third)]);
});

type Line = { alert?: string; error_code?: string };
const quietLog = (lines: Line[]) => {
  const keep = (fields: object) => void lines.push(fields);
  return { error: keep, warn: keep, info: keep, debug: keep };
};

test('ids of several sources come once each, in order, in pages of bounded size', async () => {
  const id = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
  const source = (every: number) => async (page: { after: string; limit: number }) =>
    Array.from({ length: 300 }, (_, n) => id((n + 1) * every))
      .filter((one) => one > page.after)
      .slice(0, page.limit);
  const seen: string[] = [];
  for await (const ids of pagesOf([source(2), source(3), source(7)], 50)) {
    expect(ids.length).toBeLessThanOrEqual(50);
    seen.push(...ids);
  }
  const all = [2, 3, 7].flatMap((every) =>
    Array.from({ length: 300 }, (_, n) => id((n + 1) * every)),
  );
  expect(seen).toEqual([...new Set(all)].sort());
});
