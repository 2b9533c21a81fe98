import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowCounts } from '../e2e/rows.ts';
import { startWholeBank, type WholeBank } from '../e2e/whole-bank.ts';
import { accounts } from './access-matrix/accounts.ts';
import { assets } from './access-matrix/assets.ts';
import { entities, ownerless } from './access-matrix/entities.ts';
import { batchFaults } from './access-matrix/entity-batches.ts';
import { entityOutcomes, entityTypes } from './access-matrix/entity-probes.ts';
import { holdings } from './access-matrix/holdings.ts';
import { askers, followers, type Matrix } from './access-matrix/matrix.ts';
import { notifications } from './access-matrix/notifications.ts';
import { orders } from './access-matrix/orders.ts';
import {
  changes,
  openProbes,
  type Probes,
  probesOf,
  ran,
  rootFields,
  surprises,
} from './access-matrix/probes.ts';
import { strategies } from './access-matrix/strategies.ts';
import { streamOutcomes } from './access-matrix/streams.ts';

const bankStartsWithinMs = 120_000;
const probesEndWithinMs = 120_000;
const parts = [accounts, orders, holdings, assets, strategies, notifications];
const matrix: Matrix = Object.assign({}, ...parts);

let bank: WholeBank;
let at: Probes;
beforeAll(async () => {
  bank = await startWholeBank();
  at = await openProbes(bank);
}, bankStartsWithinMs);
afterAll(() => bank?.close());

test('every root field has a row, and every row a field', () => {
  expect(Object.keys(matrix).sort()).toEqual([...rootFields().keys()].sort());
  expect(parts.flatMap((part) => Object.keys(part))).toHaveLength(Object.keys(matrix).length);
  for (const [coordinate, { gateway, subgraph, stream }] of Object.entries(matrix)) {
    const told = coordinate.startsWith('Subscription.') ? followers.length : undefined;
    expect([coordinate, gateway.length, subgraph.length, stream?.length]).toEqual([
      coordinate,
      askers.length,
      askers.length,
      told,
    ]);
  }
});

test('every entity of every subgraph has a row, and every row an entity', () => {
  expect([...Object.keys(entities), ...ownerless].sort()).toEqual([...entityTypes()].sort());
});

test(
  'live updates are told to whom they belong, and nobody else learns that there are any',
  async () => {
    const expected = Object.entries(matrix).flatMap(([name, { stream }]) =>
      stream === undefined ? [] : [[name, stream]],
    );
    expect(await streamOutcomes(matrix, at)).toEqual(Object.fromEntries(expected));
  },
  probesEndWithinMs,
);

test('entities show what the viewer may see, and nothing of anybody else', async () => {
  const expected = Object.entries(entities).map(([name, { subgraph }]) => [name, subgraph]);
  expect(await entityOutcomes(at)).toEqual(Object.fromEntries(expected));
});

test(
  'entities are answered in batches: each at its own place, none looked up one by one',
  async () => {
    expect(await batchFaults(at)).toEqual([]);
  },
  probesEndWithinMs,
);

test(
  'whoever may not is refused at the gateway and again behind it, and nothing changes',
  async () => {
    const refused = probesOf(matrix).filter((probe) => !changes(probe));
    const before = await rowCounts(bank);
    expect(surprises(await ran(refused, at))).toEqual([]);
    expect(await rowCounts(bank)).toEqual(before);
    expect(refused.length).toBeGreaterThan(Object.keys(matrix).length * askers.length);
  },
  probesEndWithinMs,
);

test(
  'whoever may is answered, at the gateway and behind it',
  async () => {
    const answered = probesOf(matrix).filter(changes);
    expect(surprises(await ran(answered, at))).toEqual([]);
  },
  probesEndWithinMs,
);
