import { countAsked } from '@simplebank/chassis/connections';
import { money } from '@simplebank/kernel/money';
import type { AccountPerformanceResolvers } from '../../generated/graphql.ts';
import {
  annualisedTwrOf,
  endValue,
  gainOf,
  inflowOf,
  linked,
  outflowOf,
  startValue,
  twrOf,
  xirrOf,
} from '../domain/performance.ts';
import { isDegraded, restsOnStale } from './freshness.ts';
import { amountOutcome, rateOutcome, rounded } from './outcomes.ts';

/** A year of days unless told; ten years at most. */
const pointsUsual = 366;
const pointsMax = 3_660;

export const AccountPerformance: AccountPerformanceResolvers = {
  from: ({ history, period }) => history.days[0]?.day ?? period.from,
  to: ({ history, period }) => history.days.at(-1)?.day ?? period.to,
  startValue: ({ history, currency }) => amountOutcome(startValue(history), currency),
  endValue: ({ history, currency }) => amountOutcome(endValue(history), currency),
  inflow: ({ history, currency }) => money(inflowOf(history), currency),
  outflow: ({ history, currency }) => money(outflowOf(history), currency),
  netFlow: ({ history, currency }) => money(inflowOf(history).minus(outflowOf(history)), currency),
  gain: ({ history, currency }) => amountOutcome(gainOf(history), currency),
  twr: ({ history }) => rateOutcome(twrOf(history)),
  twrAnnualised: ({ history }) => rateOutcome(annualisedTwrOf(history)),
  xirr: ({ history }) => rateOutcome(xirrOf(history)),
  series: ({ history, currency }, { last }) => {
    const count = countAsked(last, { usual: pointsUsual, max: pointsMax });
    const { cumulative } = linked(history);
    const first = Math.max(0, history.days.length - count);
    return history.days.slice(first).map(({ day, value, inflow, outflow }, index) => {
      const twr = cumulative[first + index];
      return {
        date: day,
        value: value && { amount: value, currency },
        netFlow: { amount: outflow.isZero() ? inflow : inflow.minus(outflow), currency },
        cumulativeTwr: twr?.ok ? rounded(twr.value) : null,
      };
    });
  },
  isStale: ({ portfolio, isBehind }, _, context) =>
    isBehind || (portfolio !== null && restsOnStale(portfolio, context)),
  degraded: ({ portfolio, history }) =>
    history.days.some(({ value }) => value === null) ||
    (portfolio !== null && isDegraded(portfolio)),
};
