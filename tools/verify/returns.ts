import {
  annualised,
  driftOfShares,
  linkDays,
  type Rate,
  type UnavailableReason,
  unavailableReasons,
  xirr,
} from '@simplebank/holdings/verify';
import { Decimal, decimalsOf, zero } from '@simplebank/kernel/decimal';
import { z } from 'zod';
import { type Case, casesOf, type Fields, type Verdict } from './cases.ts';
import {
  caseOf,
  decimal,
  listOf,
  localDate,
  must,
  notNegative,
  tolerance,
  whole,
} from './formats.ts';
import { gains } from './gains.ts';

const shownDecimals = 10;
const amountDecimals = 9;

const reason = z.enum(unavailableReasons, must(`one of ${unavailableReasons.join(', ')}`));

/** A rate, or null with the reason why there is none. */
const expectation = { expected: decimal.nullable(), unavailable: reason.optional() };
const needsReason = {
  error: 'must say why with unavailable when it is null, and only then',
  path: ['expected'],
};

const flows = caseOf({
  flows: listOf(caseOf({ date: localDate, amount: decimal })).min(1, 'must have a flow'),
  ...expectation,
  tolerance: tolerance.prefault('1e-7'),
}).refine(
  ({ expected, unavailable }) => (expected === null) === (unavailable !== undefined),
  needsReason,
);

const shown = (rate: Decimal, given: Decimal | null = null): string =>
  rate.toFixed(Math.max(shownDecimals, given ? decimalsOf(given) : 0));

type Told = Decimal | UnavailableReason | null;

/** A number within the tolerance, the reason told, or null for any reason. */
function agrees(told: Told, actual: Rate, within: Decimal): boolean {
  if (told === null) return !actual.ok;
  if (typeof told === 'string') return !actual.ok && actual.error === told;
  return actual.ok && actual.value.minus(told).abs().lessThanOrEqualTo(within);
}

const toldText = (told: Told): string | null =>
  told === null || typeof told === 'string' ? told : shown(told);
const actualText = (actual: Rate): string => (actual.ok ? shown(actual.value) : actual.error);

function judgeXirr({ id, given }: Case<z.infer<typeof flows>>): Verdict {
  const actual = xirr(given.flows);
  const told = given.expected ?? given.unavailable ?? null;
  const ok = agrees(told, actual, given.tolerance);
  return { id, expected: toldText(told), actual: actualText(actual), ok };
}

const day = caseOf({
  date: localDate,
  inflow: notNegative(amountDecimals).default(zero),
  outflow: notNegative(amountDecimals).default(zero),
  value: decimal.nullable(),
});

const days = caseOf({
  days: listOf(day)
    .min(1, 'must have a day')
    .refine((list) => list.every(({ date }, at) => at === 0 || date > (list[at - 1]?.date ?? '')), {
      error: 'must be in the order of their dates, each once',
    }),
  expectedDaily: listOf(decimal.nullable()).optional(),
  expectedTotal: decimal.nullable(),
  unavailable: reason.optional(),
  expectedAnnualised: decimal.nullable().optional(),
  calendarDays: whole.optional(),
  tolerance: tolerance.prefault('1e-9'),
})
  .refine(
    ({ expectedTotal, unavailable }) => (expectedTotal === null) === (unavailable !== undefined),
    { ...needsReason, path: ['expectedTotal'] },
  )
  .refine(({ days: list, expectedDaily }) => (expectedDaily ?? list).length === list.length, {
    error: 'must have one return for each day',
    path: ['expectedDaily'],
  });

const dayMs = 86_400_000;

function judgeTwr({ id, given }: Case<z.infer<typeof days>>): Verdict {
  const { daily, total } = linkDays(zero, given.days);
  const [first = '', last = ''] = [given.days[0]?.date, given.days.at(-1)?.date];
  const calendarDays = Math.round((Date.parse(last) - Date.parse(first)) / dayMs) + 1;
  const yearly = annualised(total, calendarDays);
  const told = given.expectedTotal ?? given.unavailable ?? null;
  const { expectedDaily, expectedAnnualised, tolerance: within } = given;
  const isYearTold = expectedAnnualised !== undefined;
  const isCountTold = given.calendarDays !== undefined;
  const ok =
    agrees(told, total, within) &&
    (expectedDaily ?? []).every((one, at) => agrees(one, daily[at] ?? total, within)) &&
    (!isYearTold || agrees(expectedAnnualised, yearly, within)) &&
    (!isCountTold || given.calendarDays === BigInt(calendarDays));
  return {
    id,
    expected: {
      ...(expectedDaily ? { daily: expectedDaily.map(toldText) } : {}),
      total: toldText(told),
      ...(isYearTold ? { annualised: toldText(expectedAnnualised) } : {}),
      ...(isCountTold ? { calendarDays: Number(given.calendarDays) } : {}),
    },
    actual: {
      ...(expectedDaily ? { daily: daily.map(actualText) } : {}),
      total: actualText(total),
      ...(isYearTold ? { annualised: actualText(yearly) } : {}),
      ...(isCountTold ? { calendarDays } : {}),
    },
    ok,
  };
}

const shares = listOf(notNegative(amountDecimals)).min(1, 'must have a share');

/** Cash that is owed is a share below zero; a target never is. */
const shareLists = caseOf({
  target: shares,
  actual: listOf(decimal),
  expected: decimal,
  tolerance: tolerance.prefault('1e-9'),
}).refine(({ target, actual }) => target.length === actual.length, {
  error: 'must have as many shares as target',
  path: ['actual'],
});

/** The cases are in percent, drift is a fraction. */
function judgeDrift({ id, given }: Case<z.infer<typeof shareLists>>): Verdict {
  const gaps = given.target.map((target, at) => ({ target, actual: given.actual[at] ?? zero }));
  const drift = driftOfShares(gaps).div(new Decimal(100));
  const ok = drift.minus(given.expected).abs().lessThanOrEqualTo(given.tolerance);
  return { id, expected: given.expected.toFixed(), actual: drift.toFixed(), ok };
}

/** Returns, gains and drift by the bank's own rules. */
export const returns = (file: Fields): readonly Verdict[] => [
  ...casesOf(file, { list: 'xirr', schema: flows }).map(judgeXirr),
  ...casesOf(file, { list: 'twr', schema: days }).map(judgeTwr),
  ...gains(file),
  ...casesOf(file, { list: 'drift', schema: shareLists }).map(judgeDrift),
];
