import { randomUUID } from 'node:crypto';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../src/channel.ts';
import { deliverDue } from '../src/commands/deliver-due.ts';
import {
  accountOpened,
  accountStatusChanged,
  aService,
  customerRegistered,
  deliverAll,
  orderCompleted,
  paymentCompleted,
  paymentFailed,
  type Service,
  strategyOrderCompleted,
} from './builders.ts';

const [alice, bob] = [randomUUID(), randomUUID()];
const accountId = randomUUID();

let service: Service;
beforeEach(async () => {
  service = await aService();
});
afterEach(() => service.close());

const messagesOf = async (customerId: string) => {
  const rows = await service.admin.inAppMessage.findMany({
    where: { customerId },
    orderBy: { kind: 'asc' },
  });
  return rows.map(({ kind, title, text }) => ({ kind, title, text }));
};

const delivered = async () => {
  const rows = await service.admin.outboxEvent.findMany();
  return rows.map(({ type, body }) => ({ type, payload: JSON.parse(body).payload }));
};

test('each joint owner is told, once, and the delivery is told of', async () => {
  await service.worker.applyBatch([accountOpened({ accountId, ownerIds: [alice, bob] })]);
  const deposit = paymentCompleted(accountId);
  await service.worker.applyBatch([deposit, deposit]);
  await service.worker.applyBatch([deposit]);
  await deliverAll(service.deps);
  const told = [
    {
      kind: 'ACCOUNT_OPENED',
      title: 'Your account is open',
      text: 'Account 101 in USD is ready to be used.',
    },
    {
      kind: 'DEPOSIT_COMPLETED',
      title: 'Your deposit has arrived',
      text: '250.00 USD is now on account 101.',
    },
  ];
  expect(await messagesOf(alice)).toEqual(told);
  expect(await messagesOf(bob)).toEqual(told);
  const events = await delivered();
  expect(events.map(({ type }) => type)).toEqual(
    events.map(() => 'notifications.notification-delivered.v1'),
  );
  expect(
    events.map(({ payload }) => [payload.customerId, payload.kind, payload.channel]).toSorted(),
  ).toEqual(
    [alice, bob].flatMap((owner) => told.map(({ kind }) => [owner, kind, 'IN_APP'])).toSorted(),
  );
});

test('every kind has its words', async () => {
  await service.worker.applyBatch([
    accountOpened({ accountId, ownerIds: [alice] }),
    accountStatusChanged({ accountId, ownerIds: [alice] }),
    paymentCompleted(accountId, 'WITHDRAWAL'),
    paymentFailed(accountId, 'DEPOSIT'),
    paymentFailed(accountId, 'WITHDRAWAL'),
    orderCompleted(accountId),
    orderCompleted(accountId, { side: 'SELL', status: 'REJECTED', code: 'INSUFFICIENT_POSITION' }),
    strategyOrderCompleted(accountId),
  ]);
  await deliverAll(service.deps);
  const texts = (await messagesOf(alice)).map(
    ({ kind, title, text }) => `${kind}: ${title}. ${text}`,
  );
  expect(texts).toEqual([
    'ACCOUNT_OPENED: Your account is open. Account 101 in USD is ready to be used.',
    'ACCOUNT_STATUS: Your account has a new status. Account 101 is now LIMITED.',
    'DEPOSIT_FAILED: Your deposit did not arrive. 250.00 USD could not be taken in.',
    'ORDER_COMPLETED: Your purchase of ABC has ended. ' +
      'It is FILLED: 2 shares of ABC for 200.00 USD.',
    'ORDER_REFUSED: Your sale of ABC was refused. ' +
      'The reason is INSUFFICIENT_POSITION. Nothing was traded and nothing was charged.',
    'STRATEGY_ORDER_COMPLETED: Your investment has ended. ' +
      'Its status is COMPLETED. You find its parts in the application.',
    'WITHDRAWAL_COMPLETED: Your withdrawal is on its way. 250.00 USD has left account 101.',
    'WITHDRAWAL_FAILED: Your withdrawal failed. 250.00 USD is available on your account again.',
  ]);
});

test('news of an account that is not known yet waits until its owners are', async () => {
  await service.worker.applyBatch([orderCompleted(accountId)]);
  expect(await service.admin.notification.count()).toBe(0);
  expect(await service.admin.parkedEvent.count({ where: { state: 'WAITING' } })).toBe(1);
});

test('shuffled and doubled events queue the same messages and keep the newest copies', async () => {
  const bodies = [
    accountOpened({ accountId, ownerIds: [alice] }),
    accountStatusChanged({ accountId, ownerIds: [alice, bob], version: 3 }),
    accountStatusChanged({ accountId, ownerIds: [alice], version: 2 }),
    customerRegistered(alice, { name: 'Alice', email: 'alice@example.com' }),
    customerRegistered(alice, { name: 'Alice', email: 'new@example.com', version: 2 }),
  ];
  for (const body of shuffled([...bodies, ...bodies], createChance(3))) {
    await service.worker.applyBatch([body]);
  }
  const account = await service.admin.account.findUniqueOrThrow({ where: { id: accountId } });
  expect([account.version, account.ownerIds]).toEqual([3, [alice, bob]]);
  const contact = await service.admin.contact.findUniqueOrThrow({ where: { customerId: alice } });
  expect([contact.version, contact.email]).toEqual([2, 'new@example.com']);
  const told = await Promise.all(
    [alice, bob].map((customerId) => service.admin.notification.count({ where: { customerId } })),
  );
  expect(told).toEqual([3, 1]);
});

test('a crash between the delivery and its record delivers once', async () => {
  await service.worker.applyBatch([accountOpened({ accountId, ownerIds: [alice] })]);
  let dying = true;
  const transact: typeof service.deps.transact = async (work, options) => {
    if (dying && (await service.admin.inAppMessage.count()) > 0) throw new Error('killed');
    return service.deps.transact(work, options);
  };
  await expect(deliverDue({ ...service.deps, transact })).rejects.toThrow('killed');
  dying = false;
  expect(await deliverDue(service.deps)).toBe(0);
  service.clock.advance(60_000);
  await deliverAll(service.deps);
  expect(await messagesOf(alice)).toHaveLength(1);
  expect(await delivered()).toHaveLength(1);
});

test('a channel that fails is tried eight times, then the message has failed', async () => {
  const broken: Channel = {
    name: 'EMAIL',
    deliver: async () => {
      throw new Error('connection refused');
    },
  };
  const { deps, worker } = service.start({ channels: [...service.deps.channels, broken] });
  await worker.applyBatch([accountOpened({ accountId, ownerIds: [alice] })]);
  for (let hour = 0; hour < 12; hour += 1) {
    await deliverAll(deps);
    service.clock.advance(3_600_000);
  }
  const rows = await service.admin.notification.findMany({ orderBy: { channel: 'asc' } });
  expect(
    rows.map(({ channel, state, attempts, reason }) => [channel, state, attempts, reason]),
  ).toEqual([
    ['EMAIL', 'FAILED', 8, 'connection refused'],
    ['IN_APP', 'SENT', 1, null],
  ]);
  expect(await service.admin.deliveryAttempt.count()).toBe(9);
  expect(await messagesOf(alice)).toHaveLength(1);
  expect(await delivered()).toHaveLength(1);
});

test('a channel that never answers is given up on and holds up no other message', async () => {
  const silent: Channel = { name: 'EMAIL', deliver: () => new Promise(() => {}) };
  const { deps, worker } = service.start({
    channels: [...service.deps.channels, silent],
    deliveryMsMax: 50,
  });
  await worker.applyBatch([accountOpened({ accountId, ownerIds: [alice] })]);
  expect(await deliverDue(deps)).toBe(2);
  const tried = await service.admin.deliveryAttempt.findMany({ orderBy: { outcome: 'asc' } });
  expect(tried.map(({ outcome, error }) => [outcome, error])).toEqual([
    ['FAILED', 'no answer within 50 ms'],
    ['SENT', null],
  ]);
});

test('a round without messages opens no transaction', async () => {
  const transact: typeof service.deps.transact = () => {
    throw new Error('a transaction was opened');
  };
  expect(await deliverDue({ ...service.deps, transact })).toBe(0);
});

test('no name and no address is in a queued message, an event or a log line', async () => {
  const broken: Channel = {
    name: 'EMAIL',
    deliver: async () => {
      throw new Error('connection refused');
    },
  };
  const { deps, worker } = service.start({ channels: [...service.deps.channels, broken] });
  await worker.applyBatch([
    customerRegistered(alice, { name: 'Alicia Secret', email: 'secret@example.com' }),
    accountOpened({ accountId, ownerIds: [alice] }),
  ]);
  await deliverAll(deps);
  const queued = await service.admin.notification.findMany();
  const events = await service.admin.outboxEvent.findMany();
  const written = JSON.stringify([queued, events.map(({ body }) => body), service.lines]);
  expect(written).toContain('NOT_DELIVERED');
  expect(written).not.toMatch(/Alicia|secret@example/);
});

test('the delivery log cannot be changed', async () => {
  await service.worker.applyBatch([accountOpened({ accountId, ownerIds: [alice] })]);
  await deliverAll(service.deps);
  const { admin, deps } = service;
  await expect(admin.$executeRaw`DELETE FROM delivery_attempt`).rejects.toThrow('append-only');
  await expect(deps.db.$executeRaw`DELETE FROM delivery_attempt`).rejects.toThrow('denied');
});
