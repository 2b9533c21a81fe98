import { isDeepStrictEqual } from 'node:util';
import { type Decimal, zero } from '@simplebank/kernel/decimal';
import { cash, driftOf, rebalance, type Stake, stakesAfter } from '@simplebank/strategies/verify';
import { z } from 'zod';
import { type Case, casesOf, type Fields, InputProblem, type Verdict } from './cases.ts';
import { caseOf, decimal, listOf, must, notNegative, positive, tolerance } from './formats.ts';
import {
  amounts,
  areUnique,
  name,
  type Row,
  rowsText,
  sliceOf,
  targets,
  twice,
} from './portfolio.ts';

/** The cases name no currency: they are in dollars and cents. */
const digits = 2;
const driftDecimals = 10;

const values = listOf(caseOf({ asset: name, value: notNegative(digits) })).refine(areUnique, twice);
const drift = decimal.nullable();

const shared = {
  amount: positive(digits),
  targets,
  values,
  driftBefore: drift,
  driftAfter: drift,
  driftTolerance: tolerance.prefault('1e-9'),
};
const flow = z.discriminatedUnion(
  'kind',
  [
    caseOf({ kind: z.literal('DEPOSIT'), ...shared, buys: amounts, sells: amounts.default([]) }),
    caseOf({ kind: z.literal('WITHDRAWAL'), ...shared, sells: amounts, buys: amounts.default([]) }),
  ],
  must('DEPOSIT or WITHDRAWAL'),
);
type Flow = z.infer<typeof flow>;

/** What is held without a target has a target of zero. */
function stakesOf({ targets, values }: Flow): readonly Stake[] {
  const byAsset = new Map(values.map(({ asset, value }) => [asset, value]));
  const named = new Set(targets.map(({ asset }) => asset));
  const others = values.filter(({ asset }) => !named.has(asset));
  return [
    ...targets.map((target) => ({ ...sliceOf(target), value: byAsset.get(target.asset) ?? zero })),
    ...others.map(({ asset, value }) => ({ ...sliceOf({ asset, percentage: zero }), value })),
  ];
}

type Moves = { readonly buys: readonly Row[]; readonly sells: readonly Row[] };

/** Nothing bought or sold is no move, whether a case lists it or not. */
function movesText({ buys, sells }: Moves) {
  const made = (rows: readonly Row[]) => rows.filter(({ amount }) => !amount.isZero());
  return { buys: rowsText(made(buys), digits), sells: rowsText(made(sells), digits) };
}

type Drifts = { readonly before: Decimal | null; readonly after: Decimal | null };

function driftsText({ before, after }: Drifts) {
  const text = (value: Decimal | null) => value?.toFixed(driftDecimals) ?? null;
  return { driftBefore: text(before), driftAfter: text(after) };
}

function areClose(a: Drifts, b: Drifts, tolerance: Decimal): boolean {
  const pairs = [[a.before, b.before] as const, [a.after, b.after] as const];
  return pairs.every(([one, other]) =>
    one && other ? one.minus(other).abs().lessThanOrEqualTo(tolerance) : one === other,
  );
}

function judge({ id, given }: Case<Flow>): Verdict {
  const { kind, amount, driftTolerance } = given;
  const stakes = stakesOf(given);
  const moved = rebalance({ kind, amount, digits }, stakes);
  if (!moved.ok) throw new InputProblem(`case ${id}: field amount must not exceed the values`);

  const moves = moved.value.map((move) => ({ ...move, asset: move.assetId ?? cash }));
  const actual = { buys: kind === 'DEPOSIT' ? moves : [], sells: kind === 'DEPOSIT' ? [] : moves };
  const drifts = { before: driftOf(stakes), after: driftOf(stakesAfter(kind, moved.value)) };
  const stated = { before: given.driftBefore, after: given.driftAfter };
  const areMoves = isDeepStrictEqual(movesText(given), movesText(actual));
  return {
    id,
    expected: { ...movesText(given), ...driftsText(stated) },
    actual: { ...movesText(actual), ...driftsText(drifts) },
    ok: areMoves && areClose(stated, drifts, driftTolerance),
  };
}

/** Deposits over the gaps, withdrawals over the excesses, and the drift before and after. */
export const cashFlow = (file: Fields): readonly Verdict[] =>
  casesOf(file, { list: 'cashFlow', schema: flow }).map(judge);
