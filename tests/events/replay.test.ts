import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { createMemoryShared } from '@simplebank/chassis/shared';
import type { Steps } from '@simplebank/chassis/steps';
import { systemClock } from '@simplebank/kernel/clock';
import { loadConfig } from '@simplebank/notifications/config';
import { openSteps } from '@simplebank/notifications/simulation';
import { createTestAssertions } from '@simplebank/testkit/client';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runEvents } from '../../tools/events/run.ts';
import {
  createOperatedBank,
  type Heard,
  listening,
  type OperatedBank,
} from './support/operated.ts';
import { createSqlClient, type SqlClient } from './support/sql-client.ts';
import { accountFacts, asAdmin, checksum, say } from './support/told-accounts.ts';

const accountsTold = 40;
let bank: OperatedBank;
let accounts: SqlClient;
let notifications: Steps;
let events: (...args: readonly string[]) => Promise<Heard>;

beforeAll(async () => {
  bank = await createOperatedBank();
  accounts = createSqlClient(bank.databases['accounts']?.url ?? '');
  events = listening(runEvents, bank.env);
  const log = createLogger({ service: 'notifications', destination: { write: () => {} } });
  const config = loadConfig({
    NOTIFICATIONS_DATABASE_URL: bank.databases['notifications']?.url,
    NOTIFICATIONS_SMTP_URL: 'smtp://127.0.0.1:9',
    ASSERTION_PUBLIC_KEYS: (await createTestAssertions()).publicKeys,
  });
  const [queues, shared] = [createRecordingQueues(), createMemoryShared({ log })];
  const runtime = { clock: systemClock, newId: () => randomUUID(), log, queues, shared };
  notifications = await openSteps(config, runtime);
  await say(accounts, accountFacts(accountsTold));
}, 90_000);
afterAll(async () => {
  await notifications?.close();
  await accounts?.close();
  await bank?.drop();
});

const why = ['--reason', 'the copy was lost', '--by', 'ann'] as const;
const fromAccounts = ['replay', '--from', 'accounts'] as const;
const bodies = async () =>
  (
    await asAdmin<{ body: string }>(
      bank,
      'accounts',
      'SELECT body FROM outbox_event ORDER BY position',
    )
  ).map(({ body }) => body);

test('a copy that was lost is the same again after a replay', async () => {
  expect((await events(...fromAccounts, '--to', 'orders', ...why)).code).toBe(0);
  const before = await checksum(bank, 'orders', 'account');
  expect(before?.rows).toBe(accountsTold);
  await asAdmin(bank, 'orders', 'TRUNCATE account');
  const again = await events(...fromAccounts, '--to', 'orders', '--json', ...why);
  expect(JSON.parse(again.said)).toEqual({
    ...{ read: 3 * accountsTold, copied: 2 * accountsTold, parked: 0 },
  });
  expect(await checksum(bank, 'orders', 'account')).toEqual(before);
});

test('a replay repeats no mail, and tells once what had been lost on its way', async () => {
  const all = await bodies();
  const lost = all.filter((body) => body.includes('accounts.account-opened.v1')).slice(0, 2);
  await notifications.applyBatch(all.filter((body) => !lost.includes(body)));
  const mails = async () =>
    (await asAdmin(bank, 'notifications', 'SELECT FROM notification')).length;
  const sent = await mails();
  expect(sent).toBeGreaterThan(0);

  const replayed = await events(...fromAccounts, '--to', 'notifications', '--json', ...why);
  expect(replayed.code).toBe(0);
  await notifications.retryDue();
  const once = await mails();
  await events(...fromAccounts, '--to', 'notifications', ...why);
  await notifications.retryDue();
  expect(await mails()).toBe(once);
  expect(await asAdmin(bank, 'notifications', 'SELECT FROM parked_event')).toEqual([]);
});

test('a range is what its filters say; a wrong one is told before all reading', async () => {
  const [body] = await bodies();
  const { aggregateId } = JSON.parse(body ?? '');
  const read = async (...filter: string[]) => {
    const { said } = await events(...fromAccounts, '--to', 'orders', '--json', ...why, ...filter);
    return JSON.parse(said).read;
  };
  expect(await read('--aggregate', aggregateId)).toBe(1);
  expect(await read('--type', 'accounts.account-opened.v1')).toBe(accountsTold);
  expect(await read('--since', '2999-01-01T00:00:00Z')).toBe(0);
  expect(await read('--until', '2999-01-01T00:00:00Z')).toBe(3 * accountsTold);
  const wrong = [
    await events(...fromAccounts, '--to', 'orders'),
    await events(...fromAccounts, '--to', 'nobody', ...why),
    await events(...fromAccounts, '--to', 'orders', '--since', 'noon', ...why),
  ];
  expect(wrong.map(({ code, complained }) => [code, complained.split('\n')[0]])).toEqual([
    [2, '--reason is missing.'],
    [2, expect.stringContaining('nobody is none of')],
    [2, '--since noon is no instant.'],
  ]);
});
