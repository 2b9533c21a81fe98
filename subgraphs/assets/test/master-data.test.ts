import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, nobody, openBench } from './bench.ts';
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

  test.each([
    [[company('A'), company('A')], 'DUPLICATE_SYMBOL'],
    [[{ ...company('A'), currency: 'XAU' }], 'CURRENCY_NOT_SUPPORTED'],
  ])('a refused list %# leaves nothing behind: %s', async (assets, code) => {
    const { data } = await staffAt(bench).register(...assets);
    expect(data?.['registerAssets']).toMatchObject({ __typename: 'RegisterAssetsRefusal', code });
    expect([
      await staffAt(bench).count('asset'),
      await staffAt(bench).count('outbox_event'),
      await staffAt(bench).count('audit'),
    ]).toEqual([0, 0, 0]);
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

  test('the database refuses what goes around the application', async () => {
    await staffAt(bench).register(company('ABC'));
    const tries = [
      "UPDATE asset SET state = 'DELISTED'; UPDATE asset SET state = 'ACTIVE'",
      'DELETE FROM asset',
      'TRUNCATE asset',
      "UPDATE audit SET reason = 'other'",
      'DELETE FROM audit',
      'INSERT INTO quote VALUES (gen_random_uuid(), 2, 1, 1, 1, now())',
    ];
    const refused = await Promise.all(
      tries.map((text) =>
        bench.sql.query(text).then(
          () => null,
          (error) => error.code,
        ),
      ),
    );
    expect(refused).toEqual(['23514', '23001', '23001', '23001', '23001', '23514']);
  });
});
