import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tx } from '../src/data/client.ts';
import { aSubgraph, type Subgraph } from './builders.ts';

/** What the database refuses by itself, whatever the application does (domain §2.5 rule 10). */
let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await aSubgraph();
});
afterAll(() => subgraph.close());

type Row = readonly [assetId: string | null, percentage: string];

async function insert(tx: Tx, id: string, rows: readonly Row[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO strategy (id, name, name_key, state, current_version, created_by_id, created_at)
    VALUES (${id}::uuid, ${id}, ${id}, 'ACTIVE', 1, ${id}::uuid, now())`;
  await tx.$executeRaw`
    INSERT INTO strategy_version (strategy_id, version, published_by_id, published_at)
    VALUES (${id}::uuid, 1, ${id}::uuid, now())`;
  for (const [position, [assetId, percentage]] of rows.entries()) {
    await tx.$executeRaw`
      INSERT INTO strategy_slice (strategy_id, version, position, asset_id, percentage)
      VALUES (${id}::uuid, 1, ${position}, ${assetId}::uuid, ${percentage}::numeric)`;
  }
}

const aVersion = (rows: readonly Row[], id: string = randomUUID()) =>
  subgraph.admin.$transaction((tx) => insert(tx, id, rows));

const [one, other] = [randomUUID(), randomUUID()];

test('percentages that sum to 100.00 are accepted', async () => {
  await aVersion([
    [one, '33.33'],
    [other, '33.33'],
    [null, '33.34'],
  ]);
});

test.each<[string, readonly Row[]]>([
  [
    'sum to 99.99',
    [
      [one, '50'],
      [other, '49.99'],
    ],
  ],
  [
    'sum to 100.01',
    [
      [one, '50'],
      [other, '50.01'],
    ],
  ],
  ['has no slices', []],
])('a version that %s is refused at the commit', async (_, rows) => {
  await expect(aVersion(rows)).rejects.toThrow('that sum to');
});

test.each<[string, readonly Row[]]>([
  [
    'three decimals',
    [
      [one, '50.001'],
      [other, '49.999'],
    ],
  ],
  [
    'zero',
    [
      [one, '0'],
      [other, '100'],
    ],
  ],
  [
    'a negative percentage',
    [
      [one, '-1'],
      [other, '101'],
    ],
  ],
])('a slice with %s is refused', async (_, rows) => {
  await expect(aVersion(rows)).rejects.toThrow('strategy_slice_percentage');
});

test('an asset, and cash too, stands in a version once', async () => {
  for (const twice of [one, null]) {
    const rows: readonly Row[] = [
      [twice, '50'],
      [twice, '50'],
    ];
    await expect(aVersion(rows)).rejects.toThrow('strategy_slice_asset');
  }
});

test('a later slice cannot break an old version', async () => {
  const id = randomUUID();
  await aVersion([[one, '100']], id);
  const later = subgraph.admin.$executeRaw`
    INSERT INTO strategy_slice (strategy_id, version, position, asset_id, percentage)
    VALUES (${id}::uuid, 1, 1, ${other}::uuid, 1)`;
  await expect(later).rejects.toThrow('sum to 101');
});

test('versions and slices cannot be changed or deleted, by nobody', async () => {
  await aVersion([[one, '100']]);
  const { admin, deps } = subgraph;
  const changes = [
    () => admin.$executeRaw`UPDATE strategy_slice SET percentage = 99`,
    () => admin.$executeRaw`DELETE FROM strategy_slice`,
    () => admin.$executeRaw`UPDATE strategy_version SET version = 2`,
    () => admin.$executeRaw`TRUNCATE strategy_version CASCADE`,
  ];
  for (const change of changes) await expect(change()).rejects.toThrow('append-only');
  await expect(deps.db.$executeRaw`DELETE FROM strategy_slice`).rejects.toThrow('denied');
});

test('parts and cash that do not make the amount are refused at the commit', async () => {
  const [strategyId, orderId] = [randomUUID(), randomUUID()];
  await aVersion([[one, '100']], strategyId);
  const placed = (part: string) =>
    subgraph.admin.$transaction(async (tx) => {
      await tx.$executeRaw`
        INSERT INTO strategy_order (id, strategy_id, strategy_version, account_id, customer_id,
          amount, currency, cash_amount, status, idempotency_key, request_hash, created_at,
          expires_at)
        VALUES (${orderId}::uuid, ${strategyId}::uuid, 1, ${one}::uuid, ${one}::uuid, 100, 'USD',
          10, 'PLACING', ${part}, '', now(), now())`;
      await tx.$executeRaw`
        INSERT INTO strategy_order_part (strategy_order_id, asset_id, position, percentage, amount,
          status)
        VALUES (${orderId}::uuid, ${one}::uuid, 0, 90, ${part}::numeric, 'REQUESTED')`;
    });
  await expect(placed('89.99')).rejects.toThrow('has parts of 89.9900 and cash of 10.0000');
  await placed('90');
});
