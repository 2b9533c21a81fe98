import { PublicError } from '@simplebank/chassis/errors';
import type { Currency } from '@simplebank/kernel/money';
import type { Deps } from '../../deps.ts';
import type { HistoryWish } from '../data/histories.ts';
import type { PortfolioWish } from '../data/portfolios.ts';
import { addDays, daysBetween, newYorkDay } from '../domain/days.ts';
import { type History, historyOf, type ValuedDay } from '../domain/performance.ts';
import { liveValue, oldestPriceAt, type Portfolio } from '../domain/portfolio.ts';
import { type Period, periodOf, type Range } from '../domain/range.ts';

/** An account over a period, with today's value as it is now. */
export type Performance = {
  readonly currency: Currency;
  readonly period: Period;
  readonly history: History;
  /** Null when the period ended before today: its values are closes. */
  readonly asOf: Date | null;
  /** Facts have come that the valued days do not know yet. */
  readonly isBehind: boolean;
  /** The prices that today's value rests on; their times tell whether it is stale. */
  readonly portfolio: Portfolio | null;
};

export type RangeAsked = {
  readonly range: Range;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
};

type Loads = {
  readonly portfolios: { load(wish: PortfolioWish): Promise<Portfolio> };
  readonly histories: { load(wish: HistoryWish): Promise<ValuedDay[]> };
};
type Reading = Pick<Deps, 'clock'> & { readonly loads: Loads };

/** Throws PublicError BAD_INPUT for days that make no period. */
export async function performanceOf(
  { clock, loads }: Reading,
  account: PortfolioWish,
  asked: RangeAsked,
): Promise<Performance> {
  const now = clock.now();
  const today = newYorkDay(now);
  const period = askedPeriod(asked, today);
  const { accountId } = account;
  const [portfolio, known] = await Promise.all([
    loads.portfolios.load(account),
    loads.histories.load({ accountId, ...period }),
  ]);
  const { currency, isBehind } = portfolio;
  const isLive = period.to >= today;
  const days = isLive ? withToday(known, portfolio, today) : known;
  return {
    ...{ currency, period, isBehind: isBehind || isLate(portfolio, today) },
    history: historyOf(days, period.from),
    asOf: isLive ? (oldestPriceAt(portfolio) ?? now) : null,
    portfolio: isLive ? portfolio : null,
  };
}

/** Yesterday is over and not valued yet. */
const isLate = ({ valuedThrough }: Portfolio, today: string): boolean =>
  valuedThrough !== null && valuedThrough < addDays(today, -1);

/** Today, worth what it is worth now; all that came since the last valued day came on it. */
function withToday(known: readonly ValuedDay[], portfolio: Portfolio, today: string): ValuedDay[] {
  const { cash, positions, firstDay, inflow, outflow } = portfolio;
  const isUnused = cash.isZero() && positions.length === 0 && firstDay === null;
  if (isUnused && inflow.isZero() && outflow.isZero()) return [...known];
  const before = known.filter(({ day }) => day < today);
  return [...before, { day: today, value: liveValue(portfolio), inflow, outflow }];
}

/** The exchange's calendar spans 31 years; no account is older. */
const customDaysMax = 11_323;

function askedPeriod({ range, from, to }: RangeAsked, today: string): Period {
  if (range !== 'CUSTOM') {
    if (from || to) throw badDays('from', 'Days go with the range CUSTOM only.');
    return periodOf(range, today);
  }
  if (!from) throw badDays('from', 'The range CUSTOM needs a first day.');
  const end = to && to < today ? to : today;
  if (from > end) throw badDays('from', 'Expected a day not after the last one, nor after today.');
  if (daysBetween(from, end) < customDaysMax) return { from, to: end };
  throw badDays('from', `Expected at most ${customDaysMax} days.`);
}

const badDays = (field: string, message: string) =>
  new PublicError('BAD_INPUT', message, { field });
