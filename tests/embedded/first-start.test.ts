import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processEnvironment } from '../../tools/embedded/environment.ts';
import { makeKeys } from '../../tools/embedded/keys.ts';
import { showProgress } from '../../tools/embedded/progress.ts';
import { databaseOwners, readSettings } from '../../tools/embedded/settings.ts';
import { makeHistoryOnce } from '../../tools/history/first-start.ts';
import { nowhere } from '../../tools/history/outboxes.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';

let databases: readonly (readonly [string, TestDatabase])[] = [];
let dataDir = '';
beforeAll(async () => {
  dataDir = openTemporaryFolder('simplebank-first-start-');
  databases = await Promise.all(
    databaseOwners.map(async (name) => [name, await createTestDatabase(name)] as const),
  );
});
afterAll(async () => {
  rmSync(dataDir, { recursive: true, force: true });
  await Promise.all(databases.map(([, database]) => database.drop()));
});

type Given = { readonly now?: string; readonly failsWith?: Error; readonly stops?: boolean };

/** A first start up to the point at which the bank opens; what was told, logged and emptied. */
async function firstStart({ now = '2026-11-18T22:00:00Z', failsWith, stops = false }: Given) {
  const databaseUrls = Object.fromEntries(databases.map(([name, { url }]) => [name, url]));
  const settings = readSettings({});
  const env = processEnvironment({ env: {}, settings, keys: await makeKeys([]), databaseUrls });
  const [told, logged]: [string[], string[]] = [[], []];
  const count = { emptied: 0, made: 0 };
  const destination = { write: (line: string) => void logged.push(line) };
  const log = createLogger({ service: 'start', level: 'WARN', destination });
  const clock = { now: () => new Date(now) };
  const start = makeHistoryOnce({
    ...{ dataDir, env, databaseUrls, adminUrl: databases[0]?.[1].adminUrl ?? '' },
    runtime: { clock, log, queues: nowhere, newId: () => '', shared: createMemoryShared({ log }) },
    progress: showProgress((text) => told.push(text)),
    emptyDatabases: async () => {
      count.emptied += 1;
    },
    isStopping: () => stops,
    make: async () => {
      count.made += 1;
      expect(existsSync(join(dataDir, 'history-begun'))).toBe(true);
      if (failsWith) throw failsWith;
      return { seed: 'seed', dates: [], assets: {} };
    },
  });
  const error = await start.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { error, told: told.join(''), logged, ...count };
}

const leftBehind = () =>
  ['history-begun', 'demo-loaded', 'history-untold.json'].filter((name) =>
    existsSync(join(dataDir, name)),
  );

test('a past that fails is told, nothing of it stays, and the bank opens', async () => {
  const failed = await firstStart({ failsWith: new Error('AAPL was refused') });
  expect(failed).toMatchObject({ error: null, emptied: 1, made: 1 });
  expect(failed.told).toMatch(/WARNING: the past of the demo bank failed \(AAPL was refused\)/);
  expect(failed.logged).toEqual([expect.stringContaining('DEMO_PAST')]);
  expect(leftBehind()).toEqual([]);
});

test('what fails because somebody stops the bank is begun anew by the next start', async () => {
  const failsWith = new Error('terminating connection');
  const stopped = await firstStart({ failsWith, stops: true });
  expect(stopped).toMatchObject({ error: failsWith, emptied: 0, logged: [] });
  expect(leftBehind()).toEqual(['history-begun']);
  rmSync(join(dataDir, 'history-begun'));
});

test('where the calendar ends a demo bank has no past, and a line says so', async () => {
  for (const now of ['1998-01-01T00:00:00Z', '1999-06-01T00:00:00Z', '2029-01-02T12:00:00Z']) {
    const without = await firstStart({ now });
    expect(without).toMatchObject({ error: null, made: 0, emptied: 0, logged: [] });
    expect(without.told).toMatch(/a demo bank without a past/);
    expect(leftBehind()).toEqual([]);
  }
});

test('a past is made once', async () => {
  expect(await firstStart({})).toMatchObject({ error: null, made: 1, emptied: 0, logged: [] });
  expect(leftBehind()).toEqual(['demo-loaded', 'history-untold.json']);
  expect(await firstStart({})).toMatchObject({ error: null, made: 0, told: '' });
});
