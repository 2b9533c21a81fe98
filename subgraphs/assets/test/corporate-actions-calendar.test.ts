import { randomUUID } from 'node:crypto';
import type { AssetId } from '@simplebank/kernel/ids';
import { marketHours } from '@simplebank/kernel/market-hours';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announce, splitTerms } from '../src/actions/domain/action.ts';
import { advanceActions } from '../src/actions/index.ts';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, operator, staffAt } from './staff.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await staffAt(bench).clear();
  bench.clock.moveTo(now);
  await staffAt(bench).register(company('ABC'), company('GONE'));
  await staffAt(bench).setState('GONE', 'DELISTED');
  await bench.sql.query('DELETE FROM outbox_event');
});

type Name = 'announceDividend' | 'announceSplit' | 'cancelCorporateAction';
const typeOf = (name: Name) => name.slice(0, 1).toUpperCase() + name.slice(1);
const textOf = (name: Name) => `mutation ($input: ${typeOf(name)}Input!) { ${name}(input: $input) {
  __typename ... on ${typeOf(name)}Success { action { id state exDate kind asset { symbol }
    terms { ... on DividendTerms { rate currency payDate }
      ... on SplitTerms { numerator denominator } } } }
  ... on ${typeOf(name)}Refusal { code message } } }`;
const ask = (name: Name, input: object, viewer = operator) =>
  bench.ask(viewer, textOf(name), {
    input: { reason: 'told by the issuer', idempotencyKey: randomUUID(), ...input },
  });
const dividend = { assetId: 'ABC', exDate: '2026-11-24', payDate: '2026-11-27', rate: '0.205' };
const split = { assetId: 'ABC', exDate: '2026-11-24', numerator: 4, denominator: 1 };
type Action = { id: string; state: string; kind: string };
async function done(name: Name, input: object): Promise<Action> {
  const { data, errors } = await ask(name, input);
  const answer = data?.[name] as { __typename: string; action: Action } | undefined;
  expect([errors, answer?.__typename]).toEqual([[], `${typeOf(name)}Success`]);
  return answer?.action as Action;
}
const stateOf = async () =>
  (await bench.sql.query('SELECT kind, state FROM corporate_action ORDER BY kind')).rows.map(
    ({ kind, state }) => `${kind} ${state}`,
  );
const told = async () =>
  (await staffAt(bench).outbox()).map(({ type, aggregateVersion, payload }) => ({
    ...{ type, aggregateVersion, exDate: payload.exDate, terms: payload.terms },
  }));

describe('the calendar', () => {
  const run = () => advanceActions(bench.app.deps);

  test('begins at midnight in New York, tells it once, and completes by the pay date', async () => {
    await done('announceDividend', dividend);
    await done('announceSplit', split);
    bench.clock.moveTo('2026-11-24T04:59:59.999Z');
    await run();
    expect(await stateOf()).toEqual(['DIVIDEND ANNOUNCED', 'SPLIT ANNOUNCED']);
    bench.clock.advance(1);
    await Promise.all([1, 2, 3, 4].map(run));
    await run();
    expect(await stateOf()).toEqual(['DIVIDEND EFFECTIVE', 'SPLIT COMPLETED']);
    const facts = await told();
    expect(facts).toHaveLength(2);
    expect(facts).toEqual(
      expect.arrayContaining([
        {
          ...{ type: 'assets.corporate-action-effective.v1', aggregateVersion: 2 },
          exDate: '2026-11-24',
          terms: { kind: 'DIVIDEND', rate: '0.205', currency: 'USD', payDate: '2026-11-27' },
        },
        {
          ...{ type: 'assets.corporate-action-effective.v1', aggregateVersion: 2 },
          exDate: '2026-11-24',
          terms: { kind: 'SPLIT', numerator: 4, denominator: 1 },
        },
      ]),
    );
    bench.clock.moveTo('2026-11-28T04:59:59.999Z');
    await run();
    expect((await stateOf())[0]).toBe('DIVIDEND EFFECTIVE');
    bench.clock.advance(1);
    await run();
    expect((await stateOf())[0]).toBe('DIVIDEND COMPLETED');
    expect(await told()).toHaveLength(2);
    const { rows } = await bench.sql.query(
      "SELECT count(*)::int AS n FROM audit WHERE command = 'advance-corporate-actions'",
    );
    expect(rows).toEqual([{ n: 4 }]);
  });

  test('knows daylight saving: in summer midnight is four hours after that of UTC', async () => {
    await done('announceSplit', { ...split, exDate: '2027-07-01' });
    bench.clock.moveTo('2027-07-01T03:59:59.999Z');
    await run();
    expect(await stateOf()).toEqual(['SPLIT ANNOUNCED']);
    bench.clock.advance(1);
    await run();
    expect(await stateOf()).toEqual(['SPLIT COMPLETED']);
  });

  test('around the clock an ex-date begins at the close before it, as trade dates do', async () => {
    const hours = marketHours('always');
    const always = { ...bench.app.deps, hours };
    await done('announceSplit', split);
    await done('announceDividend', dividend);
    bench.clock.moveTo('2026-11-23T20:59:59.999Z');
    await advanceActions(always);
    expect(await told()).toEqual([]);
    bench.clock.advance(1);
    await advanceActions(always);
    expect((await told()).map(({ exDate }) => exDate)).toEqual([split.exDate, split.exDate]);
    bench.clock.moveTo('2026-11-28T04:59:59.999Z');
    await advanceActions(always);
    expect(await stateOf()).toEqual(['DIVIDEND EFFECTIVE', 'SPLIT COMPLETED']);
    const asset = {
      ...{ id: randomUUID() as AssetId, symbol: 'ABC', name: 'ABC', type: 'STOCK' as const },
      ...{ sector: null, subIndustry: null, currency: 'USD' as const, fractionable: true },
      ...{ ticks: [], state: 'ACTIVE' as const, version: 1 },
    };
    const terms = splitTerms({ numerator: 4, denominator: 1 });
    const announced = (now: string) => {
      const at = { now: new Date(now), hours };
      return announce({ id: randomUUID(), asset, exDate: split.exDate, terms, at });
    };
    expect(announced('2026-11-23T20:59:59.999Z').ok).toBe(true);
    expect(announced('2026-11-23T21:00:00.000Z')).toEqual({ ok: false, error: 'EX_DATE_IN_PAST' });
  });

  test('what was due while the bank was away begins in the order of the ex-dates', async () => {
    await done('announceSplit', { ...split, exDate: '2026-11-25', numerator: 2 });
    await done('announceSplit', { ...split, exDate: '2026-11-24', numerator: 3 });
    bench.clock.moveTo('2026-12-24T12:00:00.000Z');
    await run();
    expect((await told()).map(({ exDate }) => exDate)).toEqual(['2026-11-24', '2026-11-25']);
  });

  test('a crash before the commit tells nothing, and the next run tells it once', async () => {
    await done('announceSplit', split);
    bench.clock.moveTo('2026-11-24T12:00:00.000Z');
    const { deps } = bench.app;
    const transact: typeof deps.transact = (work, options) =>
      deps.transact(async (tx) => {
        await work(tx);
        throw new Error('crash');
      }, options);
    await expect(advanceActions({ ...deps, transact })).rejects.toThrow('crash');
    expect([await stateOf(), await told()]).toEqual([['SPLIT ANNOUNCED'], []]);
    await run();
    expect(await told()).toHaveLength(1);
  });

  test('a cancel and the ex-date that meet leave one of both', async () => {
    const { id: actionId } = await done('announceSplit', split);
    bench.clock.moveTo('2026-11-24T05:00:00.000Z');
    const [canceled] = await Promise.all([ask('cancelCorporateAction', { actionId }), run()]);
    await run();
    const answer = canceled.data?.['cancelCorporateAction'] as { __typename: string };
    const isCanceled = answer.__typename === 'CancelCorporateActionSuccess';
    expect(await stateOf()).toEqual([isCanceled ? 'SPLIT CANCELED' : 'SPLIT COMPLETED']);
    expect(await told()).toHaveLength(isCanceled ? 0 : 1);
  });
});

test('the database keeps the table of states, for every pair', async () => {
  const states = ['ANNOUNCED', 'EFFECTIVE', 'COMPLETED', 'CANCELED'];
  const ways = ['ANNOUNCED EFFECTIVE', 'EFFECTIVE COMPLETED', 'ANNOUNCED CANCELED'];
  const { id } = await done('announceSplit', split);
  const open: string[] = [];
  for (const from of states) {
    for (const to of states) {
      await bench.sql.query(`SET session_replication_role = replica;
        UPDATE corporate_action SET state = '${from}'; SET session_replication_role = origin`);
      const sql = `UPDATE corporate_action SET state = $1, version = version + 1 WHERE id = $2`;
      const moved = await bench.sql.query(sql, [to, id]).then(
        () => true,
        () => false,
      );
      if (moved) open.push(`${from} ${to}`);
    }
  }
  expect(open.sort()).toEqual(ways.sort());
});

test('the database keeps terms, keeps rows, and begins with ANNOUNCED', async () => {
  await done('announceDividend', dividend);
  const row = (state: string, more: string) => `INSERT INTO corporate_action (id, asset_id, kind,
      state, ex_date, rate, currency, pay_date, numerator, denominator, version, announced_at,
      changed_at)
    SELECT gen_random_uuid(), id, ${more.split('|')[0]}, '${state}', '2026-12-01',
      ${more.split('|')[1]}, 1, now(), now() FROM asset WHERE symbol = 'ABC'`;
  const tries = [
    "UPDATE corporate_action SET rate = 1, state = 'EFFECTIVE', version = 2",
    "UPDATE corporate_action SET state = 'EFFECTIVE'",
    'DELETE FROM corporate_action',
    'TRUNCATE corporate_action',
    row('EFFECTIVE', "'SPLIT'|NULL, NULL, NULL, 2, 1"),
    row('ANNOUNCED', "'SPLIT'|NULL, NULL, NULL, 2, 2"),
    row('ANNOUNCED', "'SPLIT'|1, 'USD', '2026-12-02', 2, 1"),
    row('ANNOUNCED', "'DIVIDEND'|0, 'USD', '2026-12-02', NULL, NULL"),
    row('ANNOUNCED', "'DIVIDEND'|1, 'USD', '2026-11-30', NULL, NULL"),
    row('ANNOUNCED', "'DIVIDEND'|1, 'USD', NULL, NULL, NULL"),
  ];
  const codes: string[] = [];
  for (const sql of tries) {
    codes.push(
      await bench.sql.query(sql).then(
        () => 'done',
        ({ code }) => code,
      ),
    );
  }
  expect(codes).toEqual(['23514', '23514', '23001', '23001', ...Array(6).fill('23514')]);
});

test('lists are read by asset, kind, state and date, page by page', async () => {
  await done('announceDividend', dividend);
  for (const exDate of ['2026-11-24', '2026-11-25', '2026-11-27']) {
    await done('announceSplit', { ...split, exDate });
  }
  type Page = { nodes: { exDate: string; kind: string }[]; pageInfo: { endCursor: string } };
  const text = `query ($filter: CorporateActionFilterInput, $first: Int, $after: String) {
    corporateActions(filter: $filter, first: $first, after: $after) {
      nodes { exDate kind } pageInfo { endCursor } } }`;
  const list = (variables: object) => bench.read<Page>(nobody, text, variables);
  const dates = ({ nodes }: Page) => nodes.map(({ exDate, kind }) => `${exDate} ${kind}`);
  const page = await list({ first: 2 });
  expect(dates(page)).toEqual(['2026-11-27 SPLIT', '2026-11-25 SPLIT']);
  const rest = await list({ first: 20, after: page.pageInfo.endCursor });
  expect(dates(rest).sort()).toEqual(['2026-11-24 DIVIDEND', '2026-11-24 SPLIT']);
  const count = async (filter: object) => (await list({ filter })).nodes.length;
  const filters = [
    ...[{ assetId: 'ABC' }, { assetId: 'GONE' }, { assetId: 'NONE' }, { kind: ['DIVIDEND'] }],
    ...[{ state: ['CANCELED'] }, { from: '2026-11-25' }, { to: '2026-11-25' }],
  ];
  expect(await Promise.all(filters.map(count))).toEqual([4, 0, 0, 1, 0, 2, 3]);
  const own = '{ asset(id: "ABC") { corporateActions(first: 1) { nodes { exDate } } } }';
  expect(await bench.read(nobody, own)).toEqual({
    corporateActions: { nodes: [{ exDate: '2026-11-27' }] },
  });
});
