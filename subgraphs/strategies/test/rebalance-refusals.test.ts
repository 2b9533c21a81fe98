import { randomUUID } from 'node:crypto';
import { Kind } from 'graphql';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { typeDefs } from '../src/generated/type-defs.ts';
import { assetUpdated } from './builders.ts';
import { abc, alice, bob, createStrategy, def, subgraph, useInvestors } from './investors.ts';
import { positionChanged, quotePublished } from './rebalance-events.ts';
import {
  anAccount,
  cancelAs,
  cancelErrors,
  fill,
  halfAndHalf,
  quote,
  seen,
  startAs,
  startErrors,
  started,
} from './rebalancers.ts';

useInvestors();

const unpriced = randomUUID();
let blind: string;
let archived: string;
beforeAll(async () => {
  await subgraph.worker.applyBatch([assetUpdated(unpriced, { symbol: 'BLIND' })]);
  blind = await createStrategy('Blind', [
    { assetId: 'ABC', percentage: '50' },
    { assetId: 'BLIND', percentage: '50' },
  ]);
  archived = await createStrategy('Archived', [{ assetId: 'ABC', percentage: '100' }]);
  await subgraph.admin.strategy.update({ where: { id: archived }, data: { state: 'ARCHIVED' } });
});
beforeEach(() => quote());

/** All that a command could write; positions and prices are told, not commanded. */
const written = async () => {
  const { rebalanceRun, rebalanceItem, outboxEvent, commandKey, audit } = subgraph.admin;
  const counts = [rebalanceRun, rebalanceItem, outboxEvent, commandKey, audit];
  return Promise.all(counts.map((table) => (table as typeof rebalanceRun).count()));
};

const reached = new Set<string>();

async function refused(given: object): Promise<string | undefined> {
  const before = await written();
  const answer = await startAs(alice, given);
  expect(answer.__typename).toBe('StartRebalanceRefusal');
  expect(await written()).toEqual(before);
  reached.add(answer.code ?? '');
  return answer.code;
}

test.each([
  ['AMOUNT_REQUIRED', { mode: 'BUY_ONLY' }],
  ['AMOUNT_REQUIRED', { mode: 'CASH_FLOW' }],
  ['AMOUNT_NOT_POSITIVE', { mode: 'FULL', amount: '-5.00' }],
  ['AMOUNT_NOT_POSITIVE', { mode: 'BUY_ONLY', amount: '0' }],
  ['AMOUNT_NOT_POSITIVE', { mode: 'CASH_FLOW', amount: '0.00' }],
  ['AMOUNT_PRECISION', { mode: 'CASH_FLOW', amount: '10.001' }],
  ['AMOUNT_BELOW_MINIMUM', { mode: 'CASH_FLOW', amount: '-0.99' }],
  ['AMOUNT_BELOW_MINIMUM', { mode: 'BUY_ONLY', amount: '0.99' }],
  ['AMOUNT_ABOVE_LIMIT', { mode: 'CASH_FLOW', amount: '1000000000.01' }],
  ['AMOUNT_ABOVE_VALUE', { mode: 'CASH_FLOW', amount: '-1000.01' }],
])('%s is refused for %o, and nothing is written', async (code, given) => {
  const accountId = await anAccount({ held: { [abc]: '80', [def]: '10' } });
  expect(await refused({ accountId, ...given })).toBe(code);
});

test.each([
  ['NO_ELECTION', () => ({ strategyId: null })],
  ['STRATEGY_NOT_ACTIVE', () => ({ strategyId: archived })],
  ['ACCOUNT_STATUS', () => ({ status: 'LIMITED' })],
  ['ACCOUNT_STATUS', () => ({ status: 'FROZEN' })],
  ['PRICE_UNAVAILABLE', () => ({ strategyId: blind, held: { [abc]: '1', [unpriced]: '1' } })],
  ['PRICE_UNAVAILABLE', () => ({ strategyId: blind, held: { [abc]: '1' } })],
])('%s is refused, and nothing is written', async (code, given) => {
  expect(await refused({ accountId: await anAccount(given()) })).toBe(code);
});

test('an account that may only sell may raise money, and nothing else', async () => {
  const held = { [abc]: '80', [def]: '10' };
  const accountId = await anAccount({ status: 'LIMITED', held });
  const put = { accountId, mode: 'CASH_FLOW', amount: '100' };
  expect(await refused(put)).toBe('ACCOUNT_STATUS');
  expect(await seen(await started({ ...put, amount: '-100' }))).toMatchObject({
    status: 'SELLING',
  });
});

test('RUN_OPEN while a run of the account is open, however many ask at once', async () => {
  const accountId = await anAccount({ held: { [abc]: '80' } });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => startAs(alice, { accountId })),
  );
  const codes = answers.map(({ code }) => code ?? 'STARTED');
  expect(codes.toSorted()).toEqual([...Array(19).fill('RUN_OPEN'), 'STARTED']);
  expect(await refused({ accountId })).toBe('RUN_OPEN');
  expect(await subgraph.admin.rebalanceRun.count({ where: { accountId } })).toBe(1);
});

test('RUN_OPEN until the trades of the last run have reached the positions', async () => {
  const accountId = await anAccount({ held: { [abc]: '80', [def]: '10' } });
  const id = await started({ accountId, mode: 'CASH_FLOW', amount: '-300' });
  await fill(id, 'SELL', { [abc]: { value: '300.00' } });
  expect(await seen(id)).toMatchObject({ status: 'COMPLETED' });
  expect(await refused({ accountId })).toBe('RUN_OPEN');
  const changed = { accountId, assetId: abc, quantity: '50', version: 3 };
  await subgraph.worker.applyBatch([positionChanged(changed)]);
  const { items } = await seen(await started({ accountId }));
  expect(items).toMatchObject([{ side: 'SELL', quantity: '15' }, { side: 'BUY' }]);
});

test('a key that another command has used is IDEMPOTENCY_KEY_REUSED', async () => {
  const accountId = await anAccount({ held: { [abc]: '80' } });
  const idempotencyKey = randomUUID();
  const rebalanceRunId = await started({ accountId, idempotencyKey });
  expect(await refused({ accountId, mode: 'BUY_ONLY', amount: '5', idempotencyKey })).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  const before = await written();
  const canceled = await cancelAs(alice, { rebalanceRunId, idempotencyKey });
  expect(canceled).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  expect(await written()).toEqual(before);
});

test('NOT_CANCELABLE once a run has ended, and nothing is written', async () => {
  const rebalanceRunId = await started({ accountId: await anAccount() });
  const before = await written();
  expect(await cancelAs(alice, { rebalanceRunId })).toMatchObject({ code: 'NOT_CANCELABLE' });
  expect(await written()).toEqual(before);
});

test('what belongs to another customer, or is nothing, does not exist', async () => {
  const accountId = await anAccount({ held: { [abc]: '80' } });
  const rebalanceRunId = await started({ accountId });
  const notFound = (field: string) => [{ code: 'NOT_FOUND', field }];
  const badInput = (field: string) => [{ code: 'BAD_INPUT', field }];
  const codes = async (errors: ReturnType<typeof startErrors>) =>
    (await errors).map(({ extensions }) => extensions);
  expect(await codes(startErrors(bob, { accountId }))).toEqual(notFound('input.accountId'));
  expect(await codes(cancelErrors(bob, { rebalanceRunId }))).toEqual(
    notFound('input.rebalanceRunId'),
  );
  await expect(seen(rebalanceRunId, bob)).rejects.toThrow('there is no rebalancing');
  const buys = { accountId, mode: 'BUY_ONLY', amount: '5', sellOutside: true };
  expect(await codes(startErrors(alice, buys))).toEqual(badInput('input.sellOutside'));
  expect(await codes(startErrors(alice, { accountId: 'x' }))).toEqual(badInput('input.accountId'));
  expect(await codes(cancelErrors(alice, { rebalanceRunId: '-' }))).toEqual(
    badInput('input.rebalanceRunId'),
  );
});

// From here on the clock has moved: it never runs backwards.
test('a price older than 15 minutes is PRICE_UNAVAILABLE, but of a halted asset', async () => {
  const accountId = await anAccount({ held: { [abc]: '80', [def]: '10' } });
  subgraph.clock.advance(15 * 60_000 + 1);
  expect(await refused({ accountId })).toBe('PRICE_UNAVAILABLE');
  const at = subgraph.clock.now();
  await subgraph.worker.applyBatch([
    quotePublished({ assetId: abc, last: '9.00', at, sequence: 900 }),
  ]);
  expect(await refused({ accountId })).toBe('PRICE_UNAVAILABLE');
  await subgraph.worker.applyBatch([
    assetUpdated(def, { symbol: 'DEF', state: 'HALTED', version: 2 }),
  ]);
  const run = await seen(await started({ accountId }));
  expect(run.items).toMatchObject([
    { side: 'SELL', assetId: abc },
    { side: 'BUY', assetId: def, skipReason: 'HALTED', price: '20' },
  ]);
  await subgraph.worker.applyBatch([assetUpdated(def, { symbol: 'DEF', version: 3 })]);
});

test('10 minutes before the close is TOO_LATE, 15 minutes before it is not', async () => {
  const accountId = await anAccount({ held: { [abc]: '80' } });
  expect(await halfAndHalf()).toBeDefined();
  subgraph.clock.moveTo('2026-01-30T20:45:00.000Z');
  await quotesAt(901);
  expect(await seen(await started({ accountId }))).toMatchObject({ status: 'SELLING' });
  const other = await anAccount({ held: { [abc]: '80' } });
  subgraph.clock.moveTo('2026-01-30T20:45:00.001Z');
  expect(await refused({ accountId: other })).toBe('TOO_LATE');
  subgraph.clock.moveTo('2026-01-30T20:50:00.000Z');
  expect(await refused({ accountId: other })).toBe('TOO_LATE');
  expect(await refused({ accountId: other, mode: 'CASH_FLOW', amount: '-10' })).toBe('TOO_LATE');
  // From the close on a run waits for the opening instead.
  subgraph.clock.moveTo('2026-01-30T21:00:00.000Z');
  expect(await seen(await started({ accountId: other }))).toMatchObject({ status: 'QUEUED' });
});

const quotesAt = (sequence: number) => {
  const at = subgraph.clock.now();
  return subgraph.worker.applyBatch([
    quotePublished(
      { assetId: abc, last: '10.00', at, sequence },
      { assetId: def, last: '20.00', at, sequence },
    ),
  ]);
};

test('a year that the calendar does not know is CALENDAR_UNKNOWN', async () => {
  const accountId = await anAccount({ held: { [abc]: '80' } });
  subgraph.clock.moveTo('2029-01-03T17:00:00.000Z');
  expect(await refused({ accountId })).toBe('CALENDAR_UNKNOWN');
});

test('every code that the schema names was reached above', () => {
  const named = typeDefs.definitions.flatMap((one) =>
    one.kind === Kind.ENUM_TYPE_DEFINITION && one.name.value === 'StartRebalanceRefusalCode'
      ? (one.values ?? [])
      : [],
  );
  expect([...reached].toSorted()).toEqual(named.map(({ name }) => name.value).toSorted());
});
