import { randomUUID } from 'node:crypto';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotDelivered } from '../src/channel.ts';
import { deliverDue } from '../src/commands/deliver-due.ts';
import { aChannel, aService, deliverAll, type Service } from './builders.ts';
import * as an from './events.ts';

const [alice, bob] = [randomUUID(), randomUUID()];
const accountId = randomUUID();

let service: Service;
beforeEach(async () => {
  service = await aService();
});
afterEach(() => service.close());

const messagesOf = async (customerId: string) => {
  const rows = await service.admin.inAppMessage.findMany({ where: { customerId } });
  return rows.map(({ kind, title, text }) => `${kind}: ${title}. ${text}`).toSorted();
};

const delivered = async () => {
  const rows = await service.admin.outboxEvent.findMany();
  return rows.map(({ type, body }) => ({ type, payload: JSON.parse(body).payload }));
};

const failing = () =>
  aChannel('EMAIL', async () => {
    throw new Error('550 <secret@example.com> is unknown');
  });

test('each joint owner is told, once, and the delivery is told of', async () => {
  await service.worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice, bob] })]);
  const deposit = an.paymentCompleted(accountId);
  await service.worker.applyBatch([deposit, deposit]);
  await service.worker.applyBatch([deposit]);
  await deliverAll(service.deps);
  const told = [
    'ACCOUNT_STATE: Your account is open. Account 101 in USD is ready to be used.',
    'PAYMENT: Your deposit has arrived. 250.00 USD is now on account 101.',
  ];
  expect(await messagesOf(alice)).toEqual(told);
  expect(await messagesOf(bob)).toEqual(told);
  const events = await delivered();
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['notifications.notification-delivered.v1']),
  );
  const said = events.map(({ payload: { customerId, kind, channel } }) => [
    ...[customerId, kind, channel],
  ]);
  expect(said.toSorted()).toEqual(
    [alice, bob]
      .flatMap((owner) => ['ACCOUNT_STATE', 'PAYMENT'].map((kind) => [owner, kind, 'IN_APP']))
      .toSorted(),
  );
});

test('every kind has its words', async () => {
  await service.worker.applyBatch([
    an.accountOpened({ accountId, ownerIds: [alice] }),
    an.accountStatusChanged({ accountId, ownerIds: [alice] }),
    an.paymentCompleted(accountId, 'WITHDRAWAL'),
    an.paymentFailed(accountId, 'DEPOSIT'),
    an.paymentFailed(accountId, 'WITHDRAWAL'),
    an.paymentReturned(accountId, 'DEPOSIT'),
    an.paymentReturned(accountId, 'WITHDRAWAL'),
    an.dividendPaid(accountId, '1.25'),
    an.dividendPaid(accountId, '-0.25'),
    an.statementReady(accountId),
    an.orderCompleted(accountId),
    an.orderCompleted(accountId, { side: 'SELL', status: 'REJECTED', code: 'ACCOUNT_STATUS' }),
    an.orderRejected(accountId, null),
    an.strategyOrderCompleted(accountId),
    an.planRun(accountId, 'COMPLETED'),
    an.planRun(accountId, 'COMPLETED', { bought: 'NOTHING', reasons: ['INSUFFICIENT_FUNDS'] }),
    an.planRun(accountId, 'COMPLETED', { bought: 'PART', reasons: ['HALTED', 'BELOW_MINIMUM'] }),
    an.planRun(accountId, 'SKIPPED'),
    an.planRun(accountId, 'FAILED'),
    an.rebalanceCompleted(accountId),
    an.passwordChanged(alice),
    an.tokensRevoked(alice),
    an.signedIn(alice),
  ]);
  await deliverAll(service.deps);
  expect(await messagesOf(alice)).toEqual([
    'ACCOUNT_STATE: Your account has a new status. Account 101 is now LIMITED.',
    'ACCOUNT_STATE: Your account is open. Account 101 in USD is ready to be used.',
    'DIVIDEND: ABC has paid you a dividend. 1.25 USD is now on account 101.',
    'DIVIDEND: Your dividend of ABC was corrected. 0.25 USD has been taken back from account ' +
      '101: the dividend had been paid too high.',
    'ORDER_COMPLETED: Your purchase of ABC has ended. ' +
      'It is FILLED: 2 shares of ABC for 200.00 USD.',
    'ORDER_REFUSED: A purchase of ABC was refused. It was a part of your investment on account ' +
      '101. The reason is ASSET_HALTED; its money stays on the account.',
    'ORDER_REFUSED: Your sale of ABC was refused. ' +
      'The reason is ACCOUNT_STATUS. Nothing was traded and nothing was charged.',
    'PAYMENT: Your deposit did not arrive. 250.00 USD could not be taken in.',
    'PAYMENT: Your deposit was taken back. 250.00 USD has been taken back from account 101. ' +
      'What was no longer there is owed to the bank.',
    'PAYMENT: Your withdrawal came back. 250.00 USD is on account 101 again.',
    'PAYMENT: Your withdrawal failed. 250.00 USD is available on your account again.',
    'PAYMENT: Your withdrawal is on its way. 250.00 USD has left account 101.',
    'PLAN_RUN: A run of your plan has failed. The run of 2026-01-30 on account 101 was not ' +
      'made. The reason is PAUSED. The plan goes on.',
    'PLAN_RUN: Your plan has bought nothing. The run of 2026-01-30 on account 101 bought ' +
      'nothing. The reason is INSUFFICIENT_FUNDS. The plan goes on.',
    'PLAN_RUN: Your plan has invested in part. The run of 2026-01-30 on account 101 did not buy ' +
      'all of its parts. The reason is HALTED, BELOW_MINIMUM. ' +
      'What was not spent stays on the account.',
    'PLAN_RUN: Your plan has invested. The run of 2026-01-30 on account 101 has been carried out.',
    'PLAN_RUN: Your plan has skipped a run. The run of 2026-01-30 on account 101 was left out. ' +
      'The reason is PAUSED. The next one is made as planned.',
    'REBALANCE: Your rebalancing has ended. Its status on account 101 is COMPLETED. ' +
      'You find its orders in the application.',
    'SECURITY: You signed in. A session was opened over web. ' +
      'If that was not you, tell us at once.',
    'SECURITY: You were signed out everywhere. Every session of yours has ended. ' +
      'If that was not you, tell us at once.',
    'SECURITY: Your password was changed. Whoever was signed in elsewhere is signed out. ' +
      'If that was not you, tell us at once.',
    'STATEMENT_READY: Your statement of 2025-12 is ready. ' +
      'Account 101 closed 2025-12 with 10.00 USD in cash.',
    'STRATEGY_ORDER: Your investment has ended. ' +
      'Its status is COMPLETED. You find its parts in the application.',
  ]);
});

test('what is no news, or is told of by another event, is not told', async () => {
  await service.worker.applyBatch([
    an.tokensRevoked(alice, 'SIGNED_OUT'),
    an.tokensRevoked(alice, 'PASSWORD_CHANGED'),
    an.orderRejected(accountId, randomUUID()),
    an.strategyCreated('Growth'),
  ]);
  expect(await service.admin.notification.count()).toBe(0);
  expect(await service.admin.parkedEvent.count()).toBe(0);
});

test('news of an account that is not known yet waits until its owners are', async () => {
  await service.worker.applyBatch([an.orderCompleted(accountId)]);
  expect(await service.admin.notification.count()).toBe(0);
  expect(await service.admin.parkedEvent.count({ where: { state: 'WAITING' } })).toBe(1);
});

test('shuffled and doubled events queue the same messages and keep the newest copies', async () => {
  const told = [
    an.accountOpened({ accountId, ownerIds: [alice] }),
    an.accountStatusChanged({ accountId, ownerIds: [alice, bob], version: 3 }),
    an.accountStatusChanged({ accountId, ownerIds: [alice], version: 2 }),
    an.customerRegistered(alice, { name: 'Alice', email: 'alice@example.com' }),
    an.customerRegistered(alice, { name: 'Alice', email: 'new@example.com', version: 2 }),
    an.passwordChanged(bob),
    an.signedIn(alice),
  ];
  for (const body of shuffled([...told, ...told], createChance(3))) {
    await service.worker.applyBatch([body]);
  }
  const account = await service.admin.account.findUniqueOrThrow({ where: { id: accountId } });
  expect([account.version, account.ownerIds]).toEqual([3, [alice, bob]]);
  const contact = await service.admin.contact.findUniqueOrThrow({ where: { customerId: alice } });
  expect([contact.version, contact.email]).toEqual([2, 'new@example.com']);
  const counts = await Promise.all(
    [alice, bob].map((customerId) => service.admin.notification.count({ where: { customerId } })),
  );
  expect(counts).toEqual([4, 2]);
});

test('a crash between the delivery and its record delivers once', async () => {
  await service.worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice] })]);
  let dying = true;
  const transact: typeof service.deps.transact = async (work, options) => {
    if (dying && (await service.admin.inAppMessage.count()) > 0) throw new Error('killed');
    return service.deps.transact(work, options);
  };
  await expect(deliverAll({ ...service.deps, transact })).rejects.toThrow('killed');
  dying = false;
  await deliverAll(service.deps);
  expect(await service.admin.deliveryAttempt.count()).toBe(0);
  service.clock.advance(60_000);
  await deliverAll(service.deps);
  expect(await messagesOf(alice)).toHaveLength(1);
  expect(await delivered()).toHaveLength(1);
});

test('whoever comes back after the lease was given to another writes nothing', async () => {
  await service.worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice] })]);
  let calls = 0;
  const slow = aChannel('IN_APP', async () => {
    calls += 1;
    if (calls > 1) throw new NotDelivered('SMTP_451', { answered: true });
    service.clock.advance(60_000);
    await deliverDue(service.deps, slow);
  });
  await deliverDue(service.deps, slow);
  expect(await service.admin.deliveryAttempt.findMany()).toMatchObject([{ outcome: 'FAILED' }]);
  expect(await service.admin.notification.findMany()).toMatchObject([
    { state: 'QUEUED', attempts: 1 },
  ]);
  expect(await delivered()).toEqual([]);
});

test('a channel that fails is tried eight times, then the message has failed', async () => {
  const { deps, worker } = service.start({ channels: [...service.deps.channels, failing()] });
  await worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice] })]);
  for (let hour = 0; hour < 12; hour += 1) {
    await deliverAll(deps);
    service.clock.advance(3_600_000);
  }
  const rows = await service.admin.notification.findMany({ orderBy: { channel: 'asc' } });
  expect(
    rows.map(({ channel, state, attempts, reason }) => [channel, state, attempts, reason]),
  ).toEqual([
    ['EMAIL', 'FAILED', 8, 'INTERNAL'],
    ['IN_APP', 'SENT', 1, null],
  ]);
  expect(await service.admin.deliveryAttempt.count()).toBe(9);
  expect(await messagesOf(alice)).toHaveLength(1);
  expect(await delivered()).toHaveLength(1);
});

test('a channel that never answers is given up on and holds up no other message', async () => {
  const silent = aChannel('EMAIL', () => new Promise(() => {}));
  const { deps, worker } = service.start({
    channels: [...service.deps.channels, silent],
    deliveryMsMax: 500,
  });
  await worker.applyBatch([an.accountOpened({ accountId, ownerIds: [alice] })]);
  expect(await Promise.all(deps.channels.map((channel) => deliverDue(deps, channel)))).toEqual([
    ...[1, 1],
  ]);
  const tried = await service.admin.deliveryAttempt.findMany({ orderBy: { outcome: 'asc' } });
  expect(tried.map(({ outcome, error }) => [outcome, error])).toEqual([
    ['FAILED', 'TIMEOUT'],
    ['SENT', null],
  ]);
});

test('a round without messages opens no transaction', async () => {
  const transact: typeof service.deps.transact = () => {
    throw new Error('a transaction was opened');
  };
  await deliverAll({ ...service.deps, transact });
});

test('no name and no address is in a queued message, an event or a delivery', async () => {
  const { deps, worker } = service.start({ channels: [...service.deps.channels, failing()] });
  await worker.applyBatch([
    an.customerRegistered(alice, { name: 'Alicia Secret', email: 'secret@example.com' }),
    an.accountOpened({ accountId, ownerIds: [alice] }),
  ]);
  await deliverAll(deps);
  const queued = await service.admin.notification.findMany();
  const attempts = await service.admin.deliveryAttempt.findMany();
  const events = await service.admin.outboxEvent.findMany();
  const written = JSON.stringify([queued, attempts, events.map(({ body }) => body)]);
  expect(written).toContain('INTERNAL');
  expect(written).not.toMatch(/Alicia|secret@example/);
});
