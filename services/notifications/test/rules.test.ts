import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropOld, keptDays } from '../src/commands/tidy-up.ts';
import { aService, deliverAll, type Service } from './builders.ts';
import * as an from './events.ts';

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.close());

const dayMs = 86_400_000;

/** A notification that was sent, and one that waits. */
async function rows() {
  const customerId = randomUUID();
  await service.worker.applyBatch([an.passwordChanged(customerId)]);
  await deliverAll(service.deps);
  await service.worker.applyBatch([an.passwordChanged(customerId)]);
  const found = await service.admin.notification.findMany({ where: { customerId } });
  const idOf = (state: string) => found.find((row) => row.state === state)?.id ?? '';
  return { customerId, sent: idOf('SENT'), queued: idOf('QUEUED') };
}

test('security cannot be turned off, not even by SQL', async () => {
  await expect(
    service.admin.$executeRaw`INSERT INTO preference
      VALUES (${randomUUID()}::uuid, 'SECURITY', 'EMAIL', false, now())`,
  ).rejects.toThrow('preference_security_always_on');
});

test('one notification per event, customer and channel, whatever writes it', async () => {
  const { sent } = await rows();
  await expect(
    service.admin.$executeRaw`INSERT INTO notification (id, event_id, customer_id, channel, kind,
        template, facts, state, next_attempt_at, correlation_id, queued_at)
      SELECT ${randomUUID()}::uuid, event_id, customer_id, channel, kind, template, facts,
        'QUEUED', now(), 'c', now() FROM notification WHERE id = ${sent}::uuid`,
  ).rejects.toThrow('notification_event_id_customer_id_channel_key');
});

test('the delivery log walks one way, counts to eight, and what it says stays', async () => {
  const { sent, queued } = await rows();
  const set = (id: string, change: string) =>
    service.admin.$executeRawUnsafe(`UPDATE notification SET ${change} WHERE id = '${id}'`);
  await expect(set(sent, "state = 'QUEUED', ended_at = NULL")).rejects.toThrow('stays so');
  await expect(set(sent, 'next_attempt_at = now()')).rejects.toThrow('stays so');
  const ended = ', ended_at = now()';
  for (const change of [
    `state = 'FAILED', reason = 'x', attempts = 1${ended}`,
    `state = 'SENT'${ended}`,
    `state = 'SUPPRESSED', reason = 'x', attempts = 1${ended}`,
    'attempts = 2',
  ]) {
    await expect(set(queued, change), change).rejects.toThrow('no way from QUEUED');
  }
  const unexplained = set(queued, `state = 'SUPPRESSED'${ended}`);
  await expect(unexplained).rejects.toThrow('notification_reason');
  for (const change of [`facts = '{"amount": "1"}'`, "kind = 'PAYMENT'", 'queued_at = now()']) {
    await expect(set(queued, change), change).rejects.toThrow('does not change');
  }
});

test('an attempt is a row and a count, never one without the other', async () => {
  const { sent, queued } = await rows();
  for (const [id, attempt] of [
    [sent, 2],
    [queued, 1],
  ] as const) {
    await expect(
      service.admin.$executeRaw`INSERT INTO delivery_attempt
        VALUES (${id}::uuid, ${attempt}::int, 'SENT', NULL, now())`,
    ).rejects.toThrow('not the one that was counted');
  }
});

test('a message is read once and never rewritten', async () => {
  const { sent } = await rows();
  const set = (change: string) =>
    service.admin.$executeRawUnsafe(`UPDATE in_app_message SET ${change} WHERE id = '${sent}'`);
  await expect(set("text = 'other words'")).rejects.toThrow('can only be read, once');
  await set('read_at = now()');
  await expect(set('read_at = NULL')).rejects.toThrow('can only be read, once');
});

test('the delivery log cannot be changed or dropped, but by age', async () => {
  const { sent } = await rows();
  const { admin, deps } = service;
  await expect(admin.$executeRaw`DELETE FROM delivery_attempt`).rejects.toThrow('append-only');
  await expect(admin.$executeRaw`DELETE FROM notification`).rejects.toThrow('append-only');
  await expect(admin.$executeRaw`TRUNCATE notification CASCADE`).rejects.toThrow('append-only');
  await expect(deps.db.$executeRaw`DELETE FROM delivery_attempt`).rejects.toThrow('denied');
  await expect(deps.db.$executeRaw`DELETE FROM notification`).rejects.toThrow('denied');
  // Whatever the caller says that the time is.
  await deps.db.$queryRaw`SELECT drop_old_notifications('2999-01-01', 1000)`;
  expect(await admin.notification.count({ where: { id: sent } })).toBe(1);
});

test('after 400 days messages and delivery log go, what waits stays', async () => {
  const { customerId, queued } = await rows();
  const of = { where: { customerId } };
  const { admin, clock, deps } = service;
  clock.advance(keptDays * dayMs);
  await service.worker.applyBatch([an.passwordChanged(randomUUID())]);
  await dropOld(deps);
  expect([await admin.inAppMessage.count(of), await admin.notification.count(of)]).toEqual([1, 2]);
  clock.advance(1);
  await service.worker.applyBatch([an.passwordChanged(randomUUID())]);
  await dropOld(deps);
  expect(await admin.inAppMessage.count(of)).toBe(0);
  expect(await admin.notification.findMany(of)).toMatchObject([{ id: queued, state: 'QUEUED' }]);
});

test('keys are forgotten after 30 days', async () => {
  const ada = service.client.asCustomer(randomUUID());
  const mutation = `mutation ($input: SetNotificationPreferenceInput!) {
    setNotificationPreference(input: $input) { __typename } }`;
  const input = { kind: 'PAYMENT', channel: 'IN_APP', enabled: false, idempotencyKey: 'k' };
  await ada.ask(mutation, { input });
  service.clock.advance(30 * dayMs);
  await dropOld(service.deps);
  expect(await service.admin.commandKey.count({ where: { key: 'k' } })).toBe(1);
  service.clock.advance(1);
  await dropOld(service.deps);
  expect(await service.admin.commandKey.count({ where: { key: 'k' } })).toBe(0);
});
