import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dropExpiredKeys } from '../src/commands/drop-expired-keys.ts';
import { findAssetBySymbol } from '../src/data/assets.ts';
import { type Asset, changeState } from '../src/domain/asset.ts';
import type { RegisterAssetsRefusalCode } from '../src/generated/graphql.ts';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, customer, operator, registerText, staffAt } from './staff.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => staffAt(bench).clear());

describe('master data', () => {
  test('registering is idempotent by symbol: a repeat writes neither row nor event', async () => {
    const first = await staffAt(bench).register(company('ABC'), company('XYZ'));
    expect(first.data?.['registerAssets']).toMatchObject({
      registered: 2,
      updated: 0,
      unchanged: 0,
    });
    const again = await staffAt(bench).register(company('ABC'), company('XYZ', 'Xyz Corp.'));
    expect(again.data?.['registerAssets']).toMatchObject({
      registered: 0,
      updated: 1,
      unchanged: 1,
    });
    const events = await staffAt(bench).outbox();
    expect(
      events.map((e) => [e.type, e.aggregateVersion, e.payload.symbol, e.payload.name]),
    ).toEqual([
      ['assets.asset-updated.v1', 1, 'ABC', 'ABC Inc.'],
      ['assets.asset-updated.v1', 1, 'XYZ', 'XYZ Inc.'],
      ['assets.asset-updated.v1', 2, 'XYZ', 'Xyz Corp.'],
    ]);
    expect(await staffAt(bench).count('audit')).toBe(3);
  });

  test('the id of an asset follows from its symbol', async () => {
    await staffAt(bench).register(company('ABC'));
    const text = '{ asset(id: "abc") { id symbol type price } }';
    const asset = await bench.read<{ id: string }>(nobody, text);
    expect(asset).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{14}5/),
      symbol: 'ABC',
      type: 'STOCK',
      price: null,
    });
    const byId = 'query ($id: ID!) { asset(id: $id) { symbol } }';
    expect(await bench.read(nobody, byId, { id: asset.id })).toEqual({ symbol: 'ABC' });
  });

  test('ten registrations of one list at once make each asset once', async () => {
    const list = ['A', 'B', 'C', 'D'].map((symbol) => company(symbol));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => staffAt(bench).register(...list)),
    );
    const registered = answers.map((a) => a.data?.['registerAssets'] as { registered: number });
    expect(registered.map((r) => r.registered).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 4]);
    expect(await staffAt(bench).count('outbox_event')).toBe(4);
  });

  /** One way into each refusal; the compiler misses a code that has none. */
  const refused: { readonly [Code in RegisterAssetsRefusalCode]: readonly object[] } = {
    DUPLICATE_SYMBOL: [company('A'), company('A')],
    CURRENCY_NOT_SUPPORTED: [{ ...company('A'), currency: 'XAU' }],
    ASSET_DELISTED: [company('NEW'), company('GONE', 'Another name')],
    ASSET_DIFFERS: [company('NEW'), { ...company('OLD'), type: 'ETF' }],
    TICKS_INVALID: [{ ...company('A'), ticks: [{ from: '1', tick: '0.01' }] }],
    IDEMPOTENCY_KEY_REUSED: [company('A')],
  };

  test.each(Object.entries(refused))('%s leaves nothing behind', async (code, assets) => {
    const staff = staffAt(bench);
    await staff.register(company('OLD'), company('GONE'));
    await staff.setState('GONE', 'DELISTED');
    await staff.registerOnce('used', company('OLD'));
    const tables = ['asset', 'outbox_event', 'audit', 'idempotency_key', 'search_document'];
    const counts = () => Promise.all(tables.map((table) => staff.count(table)));
    const before = await counts();
    const key = code === 'IDEMPOTENCY_KEY_REUSED' ? 'used' : 'free';
    const { data } = await staff.registerOnce(key, ...assets);
    expect(data?.['registerAssets']).toMatchObject({ __typename: 'RegisterAssetsRefusal', code });
    expect(await counts()).toEqual(before);
  });

  test('a key is answered as the first time, counts and all, also all at once', async () => {
    const list = ['A', 'B'].map((symbol) => company(symbol));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => staffAt(bench).registerOnce('one', ...list)),
    );
    const counts = answers.map(({ data }) => data?.['registerAssets']);
    expect(counts).toEqual(Array(10).fill(counts[0]));
    expect(counts[0]).toMatchObject({ registered: 2, updated: 0, unchanged: 0 });
    expect(await staffAt(bench).count('outbox_event')).toBe(2);
  });

  test('a key of master data is free again after thirty days', async () => {
    await staffAt(bench).registerOnce('one', company('A'));
    bench.clock.advance(30 * 86_400_000);
    await dropExpiredKeys(bench.app.deps);
    expect(await staffAt(bench).count('idempotency_key')).toBe(1);
    bench.clock.advance(1);
    await dropExpiredKeys(bench.app.deps);
    expect(await staffAt(bench).count('idempotency_key')).toBe(0);
    bench.clock.moveTo(now);
  });

  test('ticks are data: the usual ones at first, then those that staff say', async () => {
    const ticks = [
      { from: '0', tick: '0.0005' },
      { from: '10', tick: '0.05' },
    ];
    await staffAt(bench).register(company('ABC'), { ...company('XYZ'), ticks });
    const text = '{ assets { nodes { symbol ticks { from tick } } } }';
    const usual = [
      { from: '0', tick: '0.0001' },
      { from: '1', tick: '0.01' },
    ];
    expect(await bench.read(nobody, text)).toEqual({
      nodes: [
        { symbol: 'ABC', ticks: usual },
        { symbol: 'XYZ', ticks },
      ],
    });
    // Whoever says nothing of ticks leaves them; a change is a new version.
    const same = await staffAt(bench).register(company('XYZ'));
    expect(same.data?.['registerAssets']).toMatchObject({ unchanged: 1 });
    await staffAt(bench).register({ ...company('XYZ'), ticks: usual });
    const told = (await staffAt(bench).outbox()).map((e) => [
      ...[e.payload.symbol, e.aggregateVersion, e.payload.ticks],
    ]);
    expect(told).toEqual([
      ['ABC', 1, usual],
      ['XYZ', 1, ticks],
      ['XYZ', 2, usual],
    ]);
  });

  test('only operations staff register, and bad input names its field', async () => {
    const input = { assets: [company('ABC')], reason: 'demo' };
    const asCustomer = await bench.ask(customer, registerText, { input });
    expect(asCustomer.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const asNobody = await bench.ask(nobody, registerText, { input });
    expect(asNobody.errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    const fields = await Promise.all(
      [
        { ...input, reason: ' ' },
        { ...input, assets: [] },
        { ...input, assets: [company('abc')] },
        { ...input, assets: [company('ABC', 'x'.repeat(201))] },
        { ...input, assets: Array.from({ length: 101 }, (_, index) => company(`A${index}`)) },
      ].map((bad) => bench.ask(operator, registerText, { input: bad })),
    );
    expect(fields.map(({ errors }) => errors[0]?.extensions)).toEqual([
      { code: 'BAD_INPUT', field: 'input.reason' },
      { code: 'BAD_INPUT', field: 'input.assets' },
      { code: 'BAD_INPUT', field: 'input.assets.0.symbol' },
      { code: 'BAD_INPUT', field: 'input.assets.0.name' },
      { code: 'BAD_INPUT', field: 'input.assets' },
    ]);
    expect(await staffAt(bench).count('asset')).toBe(0);
  });
});

describe('states', () => {
  test('an asset is halted, resumed and delisted, each change told once', async () => {
    await staffAt(bench).register(company('ABC'));
    const states = ['HALTED', 'HALTED', 'ACTIVE', 'SELL_ONLY', 'DELISTED'];
    for (const state of states) {
      const { data } = await staffAt(bench).setState('ABC', state);
      expect(data?.['setAssetState']).toMatchObject({ asset: { symbol: 'ABC', state } });
    }
    const told = (await staffAt(bench).outbox()).map(
      (e) => `${e.aggregateVersion} ${e.payload.state}`,
    );
    expect(told).toEqual(['1 ACTIVE', '2 HALTED', '3 ACTIVE', '4 SELL_ONLY', '5 DELISTED']);
    const { data } = await staffAt(bench).setState('ABC', 'ACTIVE');
    expect(data?.['setAssetState']).toEqual({
      __typename: 'SetAssetStateRefusal',
      code: 'STATE_NOT_ALLOWED',
      message: 'There is no way from DELISTED to ACTIVE.',
    });
    const unknown = await staffAt(bench).setState('NONE', 'HALTED');
    expect(unknown.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('each pair of states is judged alike by domain, door and database', async () => {
    const ways = [
      ...['ACTIVE HALTED', 'HALTED ACTIVE', 'ACTIVE SELL_ONLY', 'SELL_ONLY ACTIVE'],
      ...['ACTIVE DELISTED', 'HALTED DELISTED', 'SELL_ONLY DELISTED'],
    ].sort();
    const states = ['ACTIVE', 'HALTED', 'SELL_ONLY', 'DELISTED'] as const;
    await staffAt(bench).register(company('ABC'));
    const reset = (state: string) =>
      bench.sql.query(`SET session_replication_role = replica;
        UPDATE asset SET state = '${state}'; SET session_replication_role = origin`);
    const [inDomain, atDoor, inDatabase]: string[][] = [[], [], []];
    const asset = (await findAssetBySymbol(bench.app.deps.db, 'ABC')) as Asset;
    for (const from of states) {
      for (const to of states.filter((state) => state !== from)) {
        const way = `${from} ${to}`;
        if (changeState({ ...asset, state: from }, to).ok) inDomain?.push(way);
        await reset(from);
        const { data } = await staffAt(bench).setState('ABC', to);
        const answer = data?.['setAssetState'] as { __typename: string };
        if (answer.__typename === 'SetAssetStateSuccess') atDoor?.push(way);
        await reset(from);
        const sql = `UPDATE asset SET version = version + 1, state = '${to}'`;
        if (
          await bench.sql.query(sql).then(
            () => true,
            () => false,
          )
        )
          inDatabase?.push(way);
      }
    }
    expect([inDomain?.sort(), atDoor?.sort(), inDatabase?.sort()]).toEqual([ways, ways, ways]);
  });

  test('a key of one state is no key of another', async () => {
    await staffAt(bench).register(company('ABC'));
    await staffAt(bench).setStateOnce('one', 'ABC', 'HALTED');
    const again = await staffAt(bench).setStateOnce('one', 'ABC', 'HALTED');
    expect(again.data?.['setAssetState']).toMatchObject({ asset: { state: 'HALTED', version: 2 } });
    const other = await staffAt(bench).setStateOnce('one', 'ABC', 'ACTIVE');
    expect(other.data?.['setAssetState']).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('the database refuses what goes around the application', async () => {
    await staffAt(bench).register(company('ABC'));
    const tries = [
      "UPDATE asset SET state = 'DELISTED'; UPDATE asset SET state = 'ACTIVE'",
      'DELETE FROM asset',
      'TRUNCATE asset CASCADE',
      "UPDATE audit SET reason = 'other'",
      'DELETE FROM audit',
      'INSERT INTO quote VALUES (gen_random_uuid(), 2, 1, 1, 1, now())',
      'INSERT INTO quote VALUES (gen_random_uuid(), 1, 2, 3, 1, now())',
      "UPDATE asset SET symbol = 'OTHER', version = version + 1",
      "UPDATE asset SET tick_from = '{1}', tick_size = '{0.01}', version = version + 1",
      "UPDATE asset SET tick_from = '{0,1}', tick_size = '{0.01}', version = version + 1",
      'UPDATE asset SET version = 0',
    ];
    const refused = await Promise.all(
      tries.map((text) =>
        bench.sql.query(text).then(
          () => null,
          (error) => error.code,
        ),
      ),
    );
    expect(refused).toEqual([
      ...['23514', '23001', '23001', '23001', '23001', '23514'],
      ...['23514', '23514', '23514', '23514', '23514'],
    ]);
  });
});
