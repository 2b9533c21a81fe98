import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as accounts from './accounts.ts';
import * as assets from './assets.ts';
import { entitiesOf } from './entities.ts';
import type { EventContract } from './event.ts';
import * as holdings from './holdings.ts';
import * as market from './market.ts';
import * as notifications from './notifications.ts';
import * as orders from './orders.ts';
import * as strategies from './strategies.ts';

const isContract = (value: unknown): value is EventContract =>
  typeof value === 'object' && value !== null && 'name' in value && 'payload' in value;

const contracts = [accounts, assets, holdings, market, notifications, orders, strategies]
  .flatMap((module) => Object.values<unknown>(module))
  .filter(isContract);

type Schema = z.core.JSONSchema.BaseSchema;

/** A value that the shape allows: whatever points to something points to something new. */
function sampleOf(schema: Schema): unknown {
  const { anyOf, oneOf, enum: values, const: only, type, format } = schema;
  if (only !== undefined) return only;
  if (values) return values[0];
  const [choice] = anyOf ?? oneOf ?? [];
  if (choice) return sampleOf(choice as Schema);
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([name, inner]) => [name, sampleOf(inner as Schema)]));
  }
  if (type === 'array') return [sampleOf(schema.items as Schema)];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return 1;
  return textOf(format, schema);
}

function textOf(format: string | undefined, { pattern, minLength = 1 }: Schema): string {
  if (format === 'uuid') return randomUUID();
  if (format === 'date') return '2026-11-20';
  if (format === 'date-time') return '2026-11-20T15:00:00.000Z';
  if (pattern) return pattern.startsWith('^\\d{4}') ? '2026-11' : '1.5';
  return 'x'.repeat(minLength);
}

test('every event of the bank says which entities it is about', () => {
  expect(contracts.length).toBeGreaterThan(50);
  const silent = contracts.filter(({ payload }) => {
    const sample = payload.parse(sampleOf(z.toJSONSchema(payload, { io: 'input' })));
    return entitiesOf({ payload: sample }).length === 0;
  });
  expect(silent.map(({ name }) => name)).toEqual([]);
});

const ids = Array.from({ length: 6 }, () => randomUUID());
const [a, b, c, d, e, f] = ids;

test('a field points to the entity of its name', () => {
  const payload = { orderId: a, accountId: b, assetId: c, customerId: d, strategyOrderId: e };
  expect(entitiesOf({ payload })).toEqual([
    `Order:${a}`,
    `Account:${b}`,
    `Asset:${c}`,
    `Customer:${d}`,
    `StrategyOrder:${e}`,
  ]);
});

test('owners, authors, actions and runs are entities by another name', () => {
  const payload = { ownerIds: [a, b], createdById: c, actionId: d, runId: e, rebalanceRunId: f };
  expect(entitiesOf({ payload })).toEqual([
    `Customer:${a}`,
    `Customer:${b}`,
    `Customer:${c}`,
    `CorporateAction:${d}`,
    `RebalanceRun:${e}`,
    `RebalanceRun:${f}`,
  ]);
});

test('what stands in lists of quotes, parts and slices counts too, and each once', () => {
  const quotes = [{ assetId: a }, { assetId: b }, { assetId: a }];
  expect(entitiesOf({ payload: { quotes } })).toEqual([`Asset:${a}`, `Asset:${b}`]);
  const slices = [{ assetId: null, percentage: '10.00' }, { assetId: c }];
  expect(entitiesOf({ payload: { strategyId: d, slices } })).toEqual([
    `Strategy:${d}`,
    `Asset:${c}`,
  ]);
});

test('names of outside parties, missing ids and sessions that stay are no entities', () => {
  const payload = { venueOrderId: 'V-1', executionId: 'x', orderId: null, exceptSessionId: a };
  expect(entitiesOf({ payload })).toEqual([]);
  expect(entitiesOf({ payload: null })).toEqual([]);
  expect(entitiesOf({ payload: 'text' })).toEqual([]);
});

test('a payload that never ends costs a bounded search and a bounded answer', () => {
  const circle: Record<string, unknown> = { accountId: a };
  circle['self'] = circle;
  expect(entitiesOf({ payload: circle })).toEqual([`Account:${a}`]);
  const assetIds = Array.from({ length: 3_000 }, () => randomUUID());
  expect(entitiesOf({ payload: { assetIds } })).toHaveLength(1_000);
});
