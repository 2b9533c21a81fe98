import { randomUUID } from 'node:crypto';
import { createEmptyDatabase } from '@simplebank/testkit/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../tools/migrate/apply.ts';
import { readSource } from '../../tools/migrate/history.ts';
import { queryAt } from './support/query.ts';

const firstRelease = '20261121100000';
let url = '';
let drop = async () => {};
beforeAll(async () => {
  const database = await createEmptyDatabase('first_release_told');
  url = database.adminUrl;
  drop = database.drop;
});
afterAll(() => drop());

const customerId = randomUUID();
const messageId = randomUUID();

/** Words of that release, in states that it knew; an attempt was counted when it began. */
const told = [
  ['ACCOUNT_STATUS', 'SENT', 1],
  ['DEPOSIT_COMPLETED', 'QUEUED', 3],
  ['STRATEGY_ORDER_COMPLETED', 'QUEUED', 8],
  ['WITHDRAWAL_FAILED', 'FAILED', 9],
  ['ORDER_COMPLETED', 'SENT', 1],
] as const;

const notification = ([kind, state, attempts]: (typeof told)[number]) => `
  INSERT INTO notification (id, event_id, customer_id, channel, kind, facts, state, reason,
      attempts, next_attempt_at, correlation_id, queued_at, ended_at)
    VALUES ('${randomUUID()}', '${randomUUID()}', '${customerId}', 'IN_APP', '${kind}', '{}',
      '${state}', ${state === 'FAILED' ? "'no answer'" : 'NULL'}, ${attempts}, now(), 'c', now(),
      ${state === 'QUEUED' ? 'NULL' : 'now()'});`;

test('what the first release told and has still to tell is told on', async () => {
  const whole = readSource('notifications');
  const migrations = whole.migrations.filter(({ name }) => name < firstRelease);
  await migrate({ source: { ...whole, migrations }, url });
  const message = `INSERT INTO in_app_message VALUES
    ('${messageId}', '${customerId}', 'DEPOSIT_COMPLETED', 'title', 'text', now(), NULL);`;
  await queryAt(url, [...told.map(notification), message].join('\n'));
  await migrate({ source: whole, url });

  const rows = await queryAt(
    url,
    'SELECT kind, template, state, attempts FROM notification ORDER BY kind',
  );
  expect(rows).toEqual([
    { kind: 'ACCOUNT_STATE', template: 'ACCOUNT_STATUS', state: 'SENT', attempts: 1 },
    { kind: 'ORDER_COMPLETED', template: 'ORDER_COMPLETED', state: 'SENT', attempts: 1 },
    { kind: 'PAYMENT', template: 'DEPOSIT_COMPLETED', state: 'QUEUED', attempts: 3 },
    { kind: 'PAYMENT', template: 'WITHDRAWAL_FAILED', state: 'FAILED', attempts: 8 },
    {
      ...{ kind: 'STRATEGY_ORDER', template: 'STRATEGY_ORDER_COMPLETED' },
      ...{ state: 'QUEUED', attempts: 7 },
    },
  ]);
  const read = `UPDATE in_app_message SET read_at = now() WHERE id = '${messageId}' RETURNING kind`;
  expect(await queryAt(url, read)).toEqual([{ kind: 'PAYMENT' }]);
});
