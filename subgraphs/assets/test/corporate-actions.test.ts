import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  AnnounceDividendRefusalCode,
  AnnounceSplitRefusalCode,
  CancelCorporateActionRefusalCode,
} from '../src/generated/graphql.ts';
import { type Bench, nobody, now, openBench } from './bench.ts';
import { company, customer, operator, staffAt } from './staff.ts';

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
const everything = async () => {
  const tables = ['corporate_action', 'idempotency_key', 'audit', 'outbox_event'];
  const { rows } = await bench.sql.query(
    tables.map((name) => `SELECT '${name}', t::text FROM ${name} t`).join(' UNION ALL '),
  );
  return JSON.stringify(rows.sort());
};
const told = async () =>
  (await staffAt(bench).outbox()).map(({ type, aggregateVersion, payload }) => ({
    ...{ type, aggregateVersion, exDate: payload.exDate, terms: payload.terms },
  }));

describe('announcements', () => {
  test('are answered whole, audited with their reason, and told to nobody yet', async () => {
    const { data } = await ask('announceDividend', dividend);
    expect(data?.['announceDividend']).toEqual({
      __typename: 'AnnounceDividendSuccess',
      action: {
        ...{ id: expect.any(String), state: 'ANNOUNCED', kind: 'DIVIDEND' },
        ...{ exDate: '2026-11-24', asset: { symbol: 'ABC' } },
        terms: { rate: '0.205', currency: 'USD', payDate: '2026-11-27' },
      },
    });
    const { rows } = await bench.sql.query(
      "SELECT command, reason, outcome FROM audit WHERE command = 'announceDividend'",
    );
    expect(rows).toEqual([
      { command: 'announceDividend', reason: 'told by the issuer', outcome: 'DONE' },
    ]);
    expect(await told()).toEqual([]);
  });

  test('a key makes one action, repeated at once or later, and tells how it stands', async () => {
    const key = { idempotencyKey: 'one' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask('announceSplit', { ...split, ...key })),
    );
    const ids = answers.map(
      ({ data }) => (data?.['announceSplit'] as { action?: Action } | undefined)?.action?.id,
    );
    expect(new Set(ids).size).toBe(1);
    expect(await staffAt(bench).count('corporate_action')).toBe(1);
    await done('cancelCorporateAction', { actionId: ids[0] });
    expect(await done('announceSplit', { ...split, ...key })).toMatchObject({ state: 'CANCELED' });
  });

  test('only operations staff may, and bad input names its field', async () => {
    const names: Name[] = ['announceDividend', 'announceSplit', 'cancelCorporateAction'];
    const inputs = [dividend, split, { actionId: randomUUID() }];
    for (const [nth, name] of names.entries()) {
      for (const [viewer, code] of [
        [customer, 'FORBIDDEN'],
        [nobody, 'UNAUTHENTICATED'],
      ] as const) {
        const { errors } = await ask(name, inputs[nth] ?? {}, viewer);
        expect(errors[0]?.extensions?.['code']).toBe(code);
      }
    }
    const bad: [Name, object][] = [
      ['announceDividend', { ...dividend, reason: ' ' }],
      ['announceDividend', { ...dividend, idempotencyKey: '' }],
      ['announceDividend', { ...dividend, rate: '0.0000000000001' }],
      ['announceSplit', { ...split, assetId: 'NONE' }],
      ['cancelCorporateAction', { actionId: 'x' }],
      ['cancelCorporateAction', { actionId: randomUUID() }],
    ];
    const before = await everything();
    const fields = await Promise.all(bad.map(([name, input]) => ask(name, input)));
    expect(fields.map(({ errors }) => Object.values(errors[0]?.extensions ?? {}))).toEqual([
      ['BAD_INPUT', 'input.reason'],
      ['BAD_INPUT', 'input.idempotencyKey'],
      ['BAD_INPUT', 'input.rate'],
      ['NOT_FOUND', 'input.assetId'],
      ['BAD_INPUT', 'input.actionId'],
      ['NOT_FOUND', 'input.actionId'],
    ]);
    expect(await everything()).toBe(before);
  });
});

/** One way into each refusal; the compiler misses a code that has none. */
const ofDividends: { readonly [Code in AnnounceDividendRefusalCode]: object } = {
  ASSET_NOT_TRADABLE: { ...dividend, assetId: 'GONE' },
  RATE_NOT_POSITIVE: { ...dividend, rate: '0' },
  PAY_DATE_BEFORE_EX_DATE: { ...dividend, payDate: '2026-11-23' },
  EX_DATE_NOT_TRADING_DAY: { ...dividend, exDate: '2026-11-26' },
  EX_DATE_IN_PAST: { ...dividend, exDate: '2026-11-23' },
  CALENDAR_UNKNOWN: { ...dividend, exDate: '2029-01-02', payDate: '2029-01-03' },
  ALREADY_ANNOUNCED: { ...dividend, rate: '1' },
  IDEMPOTENCY_KEY_REUSED: { ...dividend, exDate: '2026-11-25', idempotencyKey: 'used' },
};
const ofSplits: { readonly [Code in AnnounceSplitRefusalCode]: object } = {
  ASSET_NOT_TRADABLE: { ...split, assetId: 'GONE' },
  RATIO_INVALID: { ...split, numerator: 0 },
  EX_DATE_NOT_TRADING_DAY: { ...split, exDate: '2026-11-28' },
  EX_DATE_IN_PAST: { ...split, exDate: '2026-11-20' },
  CALENDAR_UNKNOWN: { ...split, exDate: '1997-12-31' },
  ALREADY_ANNOUNCED: { ...split, numerator: 3 },
  IDEMPOTENCY_KEY_REUSED: { ...split, exDate: '2026-11-25', idempotencyKey: 'used' },
};

test('every refusal has its code and leaves nothing behind', async () => {
  await done('announceDividend', { ...dividend, idempotencyKey: 'used' });
  const { id: actionId } = await done('announceSplit', split);
  const canceled = await done('announceSplit', { ...split, exDate: '2026-11-27' });
  await done('cancelCorporateAction', { actionId: canceled.id, idempotencyKey: 'canceled' });
  const ofCancels: { readonly [Code in CancelCorporateActionRefusalCode]: object } = {
    ACTION_STATE: { actionId: canceled.id },
    IDEMPOTENCY_KEY_REUSED: { actionId, idempotencyKey: 'canceled' },
  };
  const before = await everything();
  const lists = { announceDividend: ofDividends, announceSplit: ofSplits };
  const all = { ...lists, cancelCorporateAction: ofCancels };
  for (const [name, cases] of Object.entries(all) as [Name, Record<string, object>][]) {
    for (const [code, input] of Object.entries(cases)) {
      const { data } = await ask(name, input);
      expect(data?.[name], `${name} ${code}`).toMatchObject({
        ...{ __typename: `${typeOf(name)}Refusal`, code, message: expect.any(String) },
      });
    }
  }
  expect(await everything()).toBe(before);
});

test.each([
  { numerator: 1, denominator: 1 },
  { numerator: -4, denominator: 1 },
  { numerator: 4, denominator: 0 },
  { numerator: 1_000_001, denominator: 1 },
])('a ratio of $numerator for $denominator is refused', async (ratio) => {
  const { data } = await ask('announceSplit', { ...split, ...ratio });
  expect(data?.['announceSplit']).toMatchObject({ code: 'RATIO_INVALID' });
});

test('what was canceled can be announced anew', async () => {
  const { id: actionId } = await done('announceSplit', split);
  await done('cancelCorporateAction', { actionId });
  expect((await done('announceSplit', { ...split, numerator: 3 })).state).toBe('ANNOUNCED');
});
