import { randomUUID } from 'node:crypto';
import type { MailCatcher } from '@simplebank/mail-catcher/catcher';
import { eventually } from '@simplebank/testkit/eventually';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deliverDue } from '../src/commands/deliver-due.ts';
import { aMailCatcher, aService, deliverAll, type Service } from './builders.ts';
import * as an from './events.ts';

const [alice, bob] = [randomUUID(), randomUUID()];
const accountId = randomUUID();

let catcher: MailCatcher;
let service: Service;
beforeEach(async () => {
  catcher = await aMailCatcher();
  service = await aService({ catcher });
  await service.worker.applyBatch([
    an.customerRegistered(alice, { name: 'Alice Able', email: 'alice@example.com' }),
    an.customerRegistered(bob, { name: 'Bob', email: 'bob@example.com' }),
  ]);
});
afterEach(async () => {
  await service.close();
  await catcher.close();
});

const email = () => service.deps.channels.filter(({ name }) => name === 'EMAIL');
const emailOnly = () => ({ ...service.deps, channels: email() });
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

const mailRows = async () => {
  const rows = await service.admin.notification.findMany({ where: { channel: 'EMAIL' } });
  return rows.map(({ state, attempts, reason }) => [state, attempts, reason]).toSorted();
};

const addressed = async (address: string) => {
  const customerId = randomUUID();
  const named = an.customerRegistered(customerId, { name: 'Some Body', email: address });
  await service.worker.applyBatch([named, an.passwordChanged(customerId)]);
};

test('a mail goes to each owner, with the id of its notification, for no answer', async () => {
  await service.worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice, bob] })]);
  await deliverAll(service.deps);
  const mails = catcher.mails();
  expect(mails.map(({ to }) => to).toSorted()).toEqual([
    ['alice@example.com'],
    ['bob@example.com'],
  ]);
  const mail = mails.find(({ to }) => to.includes('alice@example.com'));
  const { id } = await service.admin.notification.findFirstOrThrow({
    where: { customerId: alice, channel: 'EMAIL' },
  });
  expect(mail).toMatchObject({
    envelope: { from: 'no-reply@simplebank.example', to: ['alice@example.com'] },
    from: 'no-reply@simplebank.example',
    subject: 'Your account is open',
    messageId: `<${id}@simplebank.example>`,
    text: expect.stringMatching(/^Hello Alice Able,\n\nAccount 101 in USD is ready to be used\./),
    html: expect.stringContaining('<p>Account 101 in USD is ready to be used.</p>'),
  });
  expect(mail?.headers).toContainEqual({ key: 'auto-submitted', value: 'auto-generated' });
  expect(await mailRows()).toEqual([
    ['SENT', 1, null],
    ['SENT', 1, null],
  ]);
});

test('a mail that is put off is tried eight times with growing pauses, then fails', async () => {
  catcher.behave('DEFER');
  await service.worker.applyBatch([an.passwordChanged(alice)]);
  const deliver = () => Promise.all(email().map((one) => deliverDue(service.deps, one)));
  expect(await deliver()).toEqual([1]);
  for (const pauseSeconds of [1, 4, 16, 64, 256, 1024, 4096]) {
    service.clock.advance(pauseSeconds * 1_000 - 1);
    expect(await deliver()).toEqual([0]);
    service.clock.advance(1);
    expect(await deliver()).toEqual([1]);
  }
  expect(await mailRows()).toEqual([['FAILED', 8, 'SMTP_451']]);
  expect(catcher.asked()).toBe(8);
  service.clock.advance(day);
  await deliverAll(emailOnly());
  expect(catcher.asked()).toBe(8);
});

test('a mailbox that does not exist keeps no other mail back, and opens no circuit', async () => {
  for (let n = 0; n < 7; n += 1) await addressed(`nobody${n}+refuse@example.com`);
  await addressed('there@example.com');
  await deliverAll(emailOnly());
  expect(catcher.mails().map(({ to }) => to)).toEqual([['there@example.com']]);
  const rows = await mailRows();
  expect(rows.filter(([state]) => state === 'QUEUED')).toHaveLength(7);
  expect(rows.filter(([state]) => state === 'SENT')).toEqual([['SENT', 1, null]]);
});

test('a server that is away is left alone at no attempt’s cost; the mail goes later', async () => {
  await catcher.close();
  for (let n = 0; n < 8; n += 1) await addressed(`a${n}@example.com`);
  for (let round = 0; round < 4; round += 1) await deliverAll(emailOnly());
  const attempts = (await mailRows()).reduce((sum, [, count]) => sum + Number(count), 0);
  expect(attempts).toBeLessThanOrEqual(5);
  const port = Number(new URL(catcher.url).port);
  catcher = await aMailCatcher({ port });
  for (let round = 0; round < 10; round += 1) {
    service.clock.advance(minute);
    await deliverAll(emailOnly());
  }
  expect(catcher.mails()).toHaveLength(8);
  expect((await mailRows()).every(([state]) => state === 'SENT')).toBe(true);
});

test('an answer that was lost makes the mail go out again under the same id', async () => {
  catcher.behave('LOSE_ANSWER');
  await service.worker.applyBatch([an.passwordChanged(alice)]);
  await deliverAll(emailOnly());
  catcher.behave('WELL');
  service.clock.advance(hour);
  await deliverAll(emailOnly());
  const ids = catcher.mails().map(({ messageId }) => messageId);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(await mailRows()).toEqual([['SENT', 2, null]]);
});

test('mails that hang or are dropped hold up no other customer, nor the application', async () => {
  await service.worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice] })]);
  const carol = randomUUID();
  const hanging = an.customerRegistered(carol, { name: 'Carol', email: 'carol+hang@example.com' });
  await service.worker.applyBatch([
    hanging,
    ...Array.from({ length: 12 }, () => an.passwordChanged(carol)),
  ]);
  await addressed('two+drop@example.com');
  const { loops } = service.start();
  const running = loops();
  await Promise.all(running.map((loop) => loop.start()));
  await service.worker.applyBatch([an.paymentCompleted(accountId), an.passwordChanged(bob)]);
  try {
    await eventually(async () => {
      expect(
        catcher
          .mails()
          .map(({ to }) => to[0])
          .toSorted(),
      ).toEqual([...['alice@example.com', 'alice@example.com', 'bob@example.com']]);
      expect(await service.admin.inAppMessage.count({ where: { customerId: alice } })).toBe(2);
    });
  } finally {
    await catcher.close();
    await Promise.all(running.map((loop) => loop.close()));
  }
  expect((await mailRows()).filter(([state]) => state === 'QUEUED')).toHaveLength(13);
}, 20_000);

test('a silent mailbox is tried with one mail at a time, and the others wait with it', async () => {
  await service.worker.applyBatch(Array.from({ length: 4 }, () => an.passwordChanged(alice)));
  catcher.behave('DROP');
  await deliverAll(emailOnly());
  expect(catcher.asked()).toBe(1);
  catcher.behave('WELL');
  service.clock.advance(999);
  await deliverAll(emailOnly());
  expect(catcher.mails()).toHaveLength(0);
  service.clock.advance(1);
  await deliverAll(emailOnly());
  expect(catcher.mails()).toHaveLength(4);
});

test('the address counts that holds when a mail goes, and nothing else carries it', async () => {
  await service.worker.applyBatch([
    an.passwordChanged(alice),
    an.customerRegistered(alice, { name: 'Alice Able', email: 'new@example.com', version: 2 }),
  ]);
  catcher.behave('REFUSE');
  await deliverAll(emailOnly());
  catcher.behave('WELL');
  service.clock.advance(minute);
  await deliverAll(emailOnly());
  expect(catcher.mails().map(({ to }) => to)).toEqual([['new@example.com']]);
  const { notification, deliveryAttempt, outboxEvent } = service.admin;
  const kept = [await notification.findMany(), await deliveryAttempt.findMany()];
  const bodies = (await outboxEvent.findMany()).map(({ body }) => body);
  const written = JSON.stringify([kept, bodies, service.lines]);
  expect(written).toContain('SMTP_550');
  expect(written).not.toMatch(/Able|example\.com/);
});

test('an address that could break out of a header is never written to', async () => {
  await addressed('eve@example.com\r\nRCPT TO:<victim@example.com>');
  await addressed('eve@example.com, victim@example.com');
  await deliverAll(emailOnly());
  expect(catcher.asked()).toBe(0);
  expect(await mailRows()).toEqual([
    ['SUPPRESSED', 0, 'ADDRESS_NOT_VALID'],
    ['SUPPRESSED', 0, 'ADDRESS_NOT_VALID'],
  ]);
});

test('a customer whose contact is not known yet is written to when it is', async () => {
  const carol = randomUUID();
  await service.worker.applyBatch([an.passwordChanged(carol)]);
  await deliverAll(emailOnly());
  expect(await mailRows()).toEqual([['QUEUED', 1, null]]);
  const known = an.customerRegistered(carol, { name: 'Carol', email: 'carol@example.com' });
  await service.worker.applyBatch([known]);
  service.clock.advance(minute);
  await deliverAll(emailOnly());
  expect(catcher.mails().map(({ to }) => to)).toEqual([['carol@example.com']]);
});

test('sign-ins and parts of an investment are no mails, and the log says why', async () => {
  const part = { strategyOrderId: randomUUID() };
  await service.worker.applyBatch([
    an.accountOpened({ accountId, ownerIds: [alice] }),
    an.signedIn(alice),
    an.orderCompleted(accountId, part),
    an.orderCompleted(accountId, { rebalanceRunId: randomUUID() }),
    an.orderCompleted(accountId),
  ]);
  await deliverAll(service.deps);
  expect(
    catcher
      .mails()
      .map(({ subject }) => subject)
      .toSorted(),
  ).toEqual([...['Your account is open', 'Your purchase of ABC has ended']]);
  expect((await mailRows()).filter(([state]) => state === 'SUPPRESSED')).toEqual([
    ['SUPPRESSED', 0, 'IN_APP_ONLY'],
    ['SUPPRESSED', 0, 'PART_OF_WHOLE'],
    ['SUPPRESSED', 0, 'PART_OF_WHOLE'],
  ]);
  expect(await service.admin.inAppMessage.count()).toBe(5);
});

test('what waits for e-mail when the bank has none any more ends after a day', async () => {
  catcher.behave('DEFER');
  await service.worker.applyBatch([an.passwordChanged(alice)]);
  await deliverAll(service.deps);
  const { worker: _, deps } = service.start({
    channels: service.deps.channels.filter(({ name }) => name === 'IN_APP'),
  });
  const { endUnoffered } = await import('../src/commands/tidy-up.ts');
  service.clock.advance(day);
  await endUnoffered(deps);
  expect(await mailRows()).toEqual([['QUEUED', 1, null]]);
  service.clock.advance(1);
  await endUnoffered(deps);
  expect(await mailRows()).toEqual([['SUPPRESSED', 1, 'CHANNEL_NOT_CONFIGURED']]);
});
