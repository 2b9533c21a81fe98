import { randomUUID } from 'node:crypto';
import type { MailCatcher } from '@simplebank/mail-catcher/catcher';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMailCatcher, aService, deliverAll, noon, type Service } from './builders.ts';
import * as an from './events.ts';

let catcher: MailCatcher;
let service: Service;
beforeAll(async () => {
  catcher = await aMailCatcher();
  service = await aService({ catcher });
});
afterAll(async () => {
  await service.close();
  await catcher.close();
});

const page = `pageInfo { hasNextPage endCursor }`;
const list = `query ($first: Int, $after: String, $unreadOnly: Boolean) {
  notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    nodes { id kind title text accountId account { id } createdAt readAt } ${page} }
  unreadCount
}`;
const markRead = `mutation ($input: MarkNotificationsReadInput!) {
  markNotificationsRead(input: $input) {
    __typename
    ... on MarkNotificationsReadSuccess { marked unreadCount }
    ... on MarkNotificationsReadRefusal { code message }
  }
}`;
const choose = `mutation ($input: SetNotificationPreferenceInput!) {
  setNotificationPreference(input: $input) {
    __typename
    ... on SetNotificationPreferenceSuccess { preference { kind channel enabled canBeTurnedOff } }
    ... on SetNotificationPreferenceRefusal { code message }
  }
}`;
const preferences = '{ notificationPreferences { kind channel enabled canBeTurnedOff } }';
const deliveries = `query ($filter: DeliveryFilter, $first: Int, $after: String) {
  deliveries(filter: $filter, first: $first, after: $after) { nodes {
    id eventId customerId accountId kind template channel state reason attempts
    attemptLog { attempt outcome error at } queuedAt nextAttemptAt endedAt } ${page} }
}`;

type Message = { readonly id: string; readonly title: string; readonly readAt: string | null };
type Listed = {
  readonly notifications: {
    readonly nodes: readonly Message[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
  readonly unreadCount: number;
};

/** A customer with an account, who was told of `count` deposits, one a minute. */
async function aCustomer(count = 0) {
  const id = randomUUID();
  const accountId = randomUUID();
  await service.worker.applyBatch([
    an.customerRegistered(id, { name: 'Ada', email: `${id}@example.com` }),
    an.accountOpened({ accountId, ownerIds: [id] }),
  ]);
  for (let n = 0; n < count; n += 1) {
    service.clock.advance(60_000);
    await service.worker.applyBatch([an.paymentCompleted(accountId)]);
  }
  await deliverAll(service.deps);
  return { id, accountId, ...service.client.asCustomer(id) };
}

const codeOf = (answer: { errors: readonly { extensions?: object }[] }) =>
  answer.errors[0]?.extensions;

test('a customer reads their own messages, newest first, page by page', async () => {
  const ada = await aCustomer(4);
  await aCustomer(2);
  const first = await ada.ask<Listed>(list, { first: 3 });
  expect(first.unreadCount).toBe(5);
  const { endCursor } = first.notifications.pageInfo;
  const second = await ada.ask<Listed>(list, { first: 3, after: endCursor });
  expect(second.notifications.pageInfo.hasNextPage).toBe(false);
  const all = [...first.notifications.nodes, ...second.notifications.nodes];
  expect(all.map(({ title }) => title)).toEqual([
    ...Array.from({ length: 4 }, () => 'Your deposit has arrived'),
    'Your account is open',
  ]);
  expect(all.at(-1)).toMatchObject({
    ...{ kind: 'ACCOUNT_STATE', text: 'Account 101 in USD is ready to be used.', readAt: null },
    ...{ accountId: ada.accountId, account: { id: ada.accountId } },
  });
});

test('reading some or all up to a moment marks just these, once', async () => {
  const ada = await aCustomer(3);
  const { notifications } = await ada.ask<Listed>(list);
  const [newest, second] = notifications.nodes.map(({ id }) => id);
  const input = { ids: [newest, newest] };
  const success = (marked: number, unreadCount: number) => ({
    markNotificationsRead: { __typename: 'MarkNotificationsReadSuccess', marked, unreadCount },
  });
  expect(await ada.ask(markRead, { input })).toEqual(success(1, 3));
  expect(await ada.ask(markRead, { input })).toEqual(success(0, 3));
  const unread = await ada.ask<Listed>(list, { unreadOnly: true });
  expect(unread.notifications.nodes.map(({ id }) => id)).toEqual(
    notifications.nodes.slice(1).map(({ id }) => id),
  );
  const minuteAgo = new Date(service.clock.now().getTime() - 60_000).toISOString();
  expect(await ada.ask(markRead, { input: { allBefore: minuteAgo } })).toEqual(success(3, 0));
  const read = await ada.ask<Listed>(list);
  expect(read.notifications.nodes.every(({ readAt }) => readAt !== null)).toBe(true);
  expect(second).toBeDefined();
});

test('a foreign or unknown notification is NOT_FOUND, and nothing is marked', async () => {
  const [ada, ben] = [await aCustomer(1), await aCustomer(1)];
  const own = (await ada.ask<Listed>(list)).notifications.nodes.map(({ id }) => id);
  const foreign = (await ben.ask<Listed>(list)).notifications.nodes.map(({ id }) => id);
  const key = randomUUID();
  for (const id of [foreign[0], randomUUID()]) {
    const input = { ids: [...own, id], idempotencyKey: key };
    const answer = await ada.answer(markRead, { input });
    expect(codeOf(answer)).toEqual({ code: 'NOT_FOUND', field: 'input.ids' });
  }
  for (const one of [ada, ben]) expect((await one.ask<Listed>(list)).unreadCount).toBe(2);
  expect(await service.admin.commandKey.count({ where: { key } })).toBe(0);
});

test.each([
  [{}, 'input.ids'],
  [{ ids: [] }, 'input.ids'],
  [{ ids: [randomUUID()], allBefore: noon }, 'input.ids'],
  [{ ids: ['7'] }, 'input.ids.0'],
  [{ ids: Array.from({ length: 101 }, () => randomUUID()) }, 'input.ids'],
  [{ allBefore: noon, idempotencyKey: '' }, 'input.idempotencyKey'],
])('marking %j is BAD_INPUT', async (input, field) => {
  const answer = await service.client.asCustomer(randomUUID()).answer(markRead, { input });
  expect(codeOf(answer)).toEqual({ code: 'BAD_INPUT', field });
});

test('at first everything is told but new strategies, over each channel there is', async () => {
  type Shown = { notificationPreferences: Record<string, unknown>[] };
  const { notificationPreferences } = await service.client
    .asCustomer(randomUUID())
    .ask<Shown>(preferences);
  expect(notificationPreferences).toHaveLength(22);
  expect(new Set(notificationPreferences.map(({ channel }) => channel))).toEqual(
    new Set(['IN_APP', 'EMAIL']),
  );
  const off = notificationPreferences.filter(({ enabled }) => !enabled);
  expect(off.map(({ kind }) => kind)).toEqual(['STRATEGY_CREATED', 'STRATEGY_CREATED']);
  const fixed = notificationPreferences.filter(({ canBeTurnedOff }) => !canBeTurnedOff);
  expect(fixed.map(({ kind }) => kind)).toEqual(['SECURITY', 'SECURITY']);
});

test('a preference that changes between event and sending decides', async () => {
  const ada = await aCustomer();
  const before = catcher.mails().length;
  await service.worker.applyBatch([an.paymentCompleted(ada.accountId)]);
  const input = { kind: 'PAYMENT', channel: 'EMAIL', enabled: false };
  expect(await ada.ask(choose, { input })).toEqual({
    setNotificationPreference: {
      __typename: 'SetNotificationPreferenceSuccess',
      preference: { ...input, canBeTurnedOff: true },
    },
  });
  await deliverAll(service.deps);
  expect(catcher.mails()).toHaveLength(before);
  const rows = await service.admin.notification.findMany({
    where: { customerId: ada.id, kind: 'PAYMENT' },
    orderBy: { channel: 'asc' },
  });
  expect(rows.map(({ state, reason, attempts }) => [state, reason, attempts])).toEqual([
    ['SUPPRESSED', 'PREFERENCE_OFF', 0],
    ['SENT', null, 1],
  ]);
  await ada.ask(choose, { input: { ...input, enabled: true } });
  await service.worker.applyBatch([an.paymentCompleted(ada.accountId)]);
  await deliverAll(service.deps);
  expect(catcher.mails()).toHaveLength(before + 1);
});

test('a new strategy is told to those who asked for it, over the channel they chose', async () => {
  const [ada, ben] = [await aCustomer(), await aCustomer()];
  const input = { kind: 'STRATEGY_CREATED', channel: 'IN_APP', enabled: true };
  await ada.ask(choose, { input });
  service.clock.advance(1);
  const created = an.strategyCreated('Growth');
  await service.worker.applyBatch([created, created]);
  await service.worker.applyBatch([created]);
  await deliverAll(service.deps);
  const { notifications } = await ada.ask<Listed>(list);
  expect(notifications.nodes[0]).toMatchObject({ title: 'There is a new strategy: Growth' });
  expect(notifications.nodes).toHaveLength(2);
  expect((await ben.ask<Listed>(list)).notifications.nodes).toHaveLength(1);
  const row = { customerId: ada.id, kind: 'STRATEGY_CREATED' };
  expect(await service.admin.notification.findMany({ where: row })).toMatchObject([
    { channel: 'IN_APP', state: 'SENT' },
  ]);
});

test.each([
  ['SECURITY_ALWAYS_ON', { kind: 'SECURITY', channel: 'EMAIL', enabled: false }],
  ['CHANNEL_NOT_AVAILABLE', { kind: 'PAYMENT', channel: 'PUSH', enabled: true }],
  ['CHANNEL_NOT_AVAILABLE', { kind: 'PAYMENT', channel: 'SMS', enabled: false }],
])('%s: %j is refused and leaves nothing behind', async (code, wish) => {
  const ada = service.client.asCustomer(randomUUID());
  const counts = () =>
    Promise.all([
      service.admin.preference.count(),
      service.admin.commandKey.count(),
      service.admin.outboxEvent.count(),
    ]);
  const before = await counts();
  const answer = await ada.ask<{ setNotificationPreference: object }>(choose, {
    input: { ...wish, idempotencyKey: 'k' },
  });
  expect(answer.setNotificationPreference).toEqual({
    ...{ __typename: 'SetNotificationPreferenceRefusal', code },
    message: expect.any(String),
  });
  expect(await counts()).toEqual(before);
});

test('a repeated key answers the first success again; another input is refused', async () => {
  const ada = await aCustomer(1);
  const off = { kind: 'PAYMENT', channel: 'EMAIL', enabled: false, idempotencyKey: 'off' };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ada.ask(choose, { input: off })),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  await ada.ask(choose, { input: { ...off, enabled: true, idempotencyKey: 'on' } });
  expect(await ada.ask(choose, { input: off })).toEqual(answers[0]);
  const where = { customerId: ada.id };
  expect(await service.admin.preference.findMany({ where })).toMatchObject([{ enabled: true }]);

  const reused = { ...off, kind: 'DIVIDEND' };
  expect(await ada.ask(choose, { input: reused })).toMatchObject({
    setNotificationPreference: { code: 'IDEMPOTENCY_KEY_REUSED' },
  });
  const reading = { allBefore: '2027-01-01T00:00:00.000Z', idempotencyKey: 'off' };
  expect(await ada.ask(markRead, { input: reading })).toMatchObject({
    markNotificationsRead: { code: 'IDEMPOTENCY_KEY_REUSED' },
  });
  expect(await service.admin.preference.count({ where })).toBe(1);
  expect((await ada.ask<Listed>(list)).unreadCount).toBe(2);
  const first = await ada.ask(markRead, { input: { ...reading, idempotencyKey: 'read' } });
  await service.worker.applyBatch([an.paymentCompleted(ada.accountId)]);
  await deliverAll(service.deps);
  expect(await ada.ask(markRead, { input: { ...reading, idempotencyKey: 'read' } })).toEqual(first);
  expect((await ada.ask<Listed>(list)).unreadCount).toBe(1);
});

test('staff sees what went out and what did not, and never what it said', async () => {
  const ada = await aCustomer();
  const filter = { customerId: ada.id };
  const staff = service.client.asStaff('support');
  type Log = { deliveries: { nodes: Record<string, unknown>[] } };
  const log = await staff.ask<Log>(deliveries, { filter: { ...filter, channel: 'EMAIL' } });
  expect(log.deliveries.nodes).toEqual([
    expect.objectContaining({
      ...{ customerId: ada.id, accountId: ada.accountId, kind: 'ACCOUNT_STATE' },
      ...{ template: 'ACCOUNT_OPENED', channel: 'EMAIL', state: 'SENT', attempts: 1 },
      ...{ reason: null, nextAttemptAt: null },
      attemptLog: [{ attempt: 1, outcome: 'SENT', error: null, at: expect.any(String) }],
    }),
  ]);
  const paged = await staff.ask<Log>(deliveries, { filter, first: 1 });
  expect(paged.deliveries).toMatchObject({ pageInfo: { hasNextPage: true } });
  const bad = await staff.answer(deliveries, { filter: { eventId: 'x' } });
  expect(codeOf(bad)).toEqual({ code: 'BAD_INPUT', field: 'filter.eventId' });
  const body = '{ deliveries { nodes { facts } } }';
  expect(codeOf(await staff.answer(body))).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  expect(codeOf(await ada.answer(deliveries))).toEqual({ code: 'FORBIDDEN' });
});

test('whoever is not signed in sees and changes nothing', async () => {
  const stranger = service.client.anonymous();
  for (const query of [list, preferences, deliveries]) {
    expect(codeOf(await stranger.answer(query))).toEqual({ code: 'UNAUTHENTICATED' });
  }
  for (const [query, variables] of [
    [markRead, { input: { allBefore: noon } }],
    [choose, { input: { kind: 'PAYMENT', channel: 'EMAIL', enabled: false } }],
  ] as const) {
    expect(codeOf(await stranger.answer(query, variables))).toEqual({ code: 'UNAUTHENTICATED' });
  }
});

test('a notification is resolved by reference for its owner alone', async () => {
  const [ada, ben] = [await aCustomer(2), await aCustomer()];
  const ids = (await ada.ask<Listed>(list)).notifications.nodes.map(({ id }) => id);
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Notification { id title } } }`;
  const representations = ids.map((id) => ({ __typename: 'Notification', id }));
  type Entities = { _entities: ({ id: string } | null)[] };
  const own = await ada.ask<Entities>(query, { representations });
  expect(own._entities.map((entity) => entity?.id)).toEqual(ids);
  const other = await ben.ask<Entities>(query, { representations });
  expect(other._entities).toEqual(ids.map(() => null));
});
