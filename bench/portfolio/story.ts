import type { Act, Page } from '../../tools/history/acts.ts';
import { byMonth } from '../../tools/history/days.ts';
import type { Story } from '../../tools/history/history.ts';
import type { Person } from '../../tools/seed/people.ts';

const symbols = (
  'AAPL MSFT NVDA JPM XOM JNJ PG V HD CVX MRK ABBV PEP COST WMT CSCO ORCL INTC AMD QCOM ' +
  'DIS NKE MCD SBUX CAT GE BA UNH CRM ADBE TXN AMGN KO PFE T F BAC GS MS LOW TGT UPS FDX ' +
  'LMT HON MMM IBM GOOGL META TSLA'
).split(' ');

const boughtPerPage = 10;
const dollarsEach = 1_000;
const deposit = '100000.00';

export const emailOf = (nth: number): string => `portfolio-${nth}@example.com`;
const accountOf = (nth: number): string => `Portfolio ${nth}`;

const person = (nth: number): Person => ({
  ...{ email: emailOf(nth), name: `Petra Portfolio ${nth}` },
  accounts: [{ name: accountOf(nth), deposit }],
});

/**
 * So many customers with one account each, who buy 50 assets in the first weeks, sell a part of
 * some after half a year, and pay in each month.
 */
export const portfolioStory = (customers: number): Story => ({
  symbols,
  strategies: [],
  pages(dates) {
    const everybody = Array.from({ length: customers }, (_, nth) => nth);
    const days = dates.slice(0, symbols.length / boughtPerPage);
    const bought = days.map((date, page): Page => {
      const chosen = symbols.slice(page * boughtPerPage, (page + 1) * boughtPerPage);
      const joins = page === 0 ? everybody.flatMap(joining) : [];
      const buys = everybody.flatMap((nth) => chosen.map((symbol) => buy(nth, symbol)));
      return { date, acts: [...joins, ...buys] };
    });
    return [...bought, ...everyMonth(dates, everybody)];
  },
});

const joining = (nth: number): readonly Act[] => [
  { kind: 'JOIN', person: person(nth) },
  { kind: 'DEPOSIT', account: accountOf(nth), amount: deposit },
];
const buy = (nth: number, symbol: string): Act => ({
  ...{ kind: 'BUY', account: accountOf(nth), symbol, about: dollarsEach },
});

const soldInMonth = 7;

function everyMonth(dates: readonly string[], everybody: readonly number[]): readonly Page[] {
  return byMonth(dates).flatMap((days, month) => {
    const date = days[0];
    if (!date || month === 0) return [];
    const paid = everybody.map(
      (nth): Act => ({ kind: 'DEPOSIT', account: accountOf(nth), amount: '250.00' }),
    );
    const sold = everybody.flatMap((nth) =>
      symbols
        .slice(0, 2)
        .map((symbol): Act => ({ kind: 'SELL', account: accountOf(nth), symbol, percent: 40 })),
    );
    return [{ date, acts: [...paid, ...(month === soldInMonth ? sold : [])] }];
  });
}
