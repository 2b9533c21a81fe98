import { type Person, people } from '../seed/people.ts';
import type { Act, Page } from './acts.ts';
import { byMonth } from './days.ts';

const savings = 'Everyday investing';
const house = 'For the house';
const trading = 'Trading';
const starter = 'First steps';
const steady = 'Big and steady';

/** Every other month something happens: each day with business costs a first start time. */
const rhythm = 2;
/** What is bought and held for long, one each time. */
const kept = ['AAPL', 'MSFT', 'COST', 'V', 'HD', 'MCD', 'UNH', 'WMT', 'XOM', 'PEP'] as const;
/** What goes in and out, three at a time. */
const turned = ['NVDA', 'JPM', 'TSLA', 'AMD', 'NFLX', 'META', 'BA', 'DIS', 'INTC', 'CRM'] as const;
const turnedAtOnce = 3;
/** Of these a part stays each time, so that there is something to look at. */
const favourites: readonly string[] = ['NVDA', 'JPM'];

const midMonthDay = 9;
const halfYear = 6;
/** Until then Ada invests twice a year, from then on by a plan each month. */
const planFrom = 21;
/** Cleo joins when half of the time has passed. */
const starterFrom = 12;

/** Sales of what was held for more than a year, and for less, and money taken out. */
const once: Readonly<Record<number, readonly Act[]>> = {
  6: [{ kind: 'SELL', account: savings, symbol: 'COST', percent: 50 }],
  10: [{ kind: 'WITHDRAW', account: trading, amount: '3000.00' }],
  14: [{ kind: 'SELL', account: savings, symbol: 'AAPL', percent: 40 }],
  16: [{ kind: 'SELL', account: savings, symbol: 'V', percent: 100 }],
  18: [{ kind: 'WITHDRAW', account: savings, amount: '1200.00' }],
  20: [{ kind: 'SELL', account: savings, symbol: 'MSFT', percent: 25 }],
};

const nth = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const paid = (account: string, amount: string): Act => ({ kind: 'DEPOSIT', account, amount });

/** A new customer, and the first money on each account. */
const joining = (person: Person): readonly Act[] => [
  { kind: 'JOIN', person },
  ...person.accounts.map(({ name, deposit }) => paid(name, deposit)),
];

const joinsIn = ({ accounts }: Person): number =>
  accounts.some(({ name }) => name === starter) ? starterFrom : 0;

function monthly(month: number): readonly Act[] {
  const isHalfYear = month % halfYear === 0 && month < planFrom;
  const invested: Act = { kind: 'INVEST', account: house, strategy: steady, amount: '1800.00' };
  const elected: Act = { kind: 'ELECT', account: house, strategy: steady };
  return [
    ...people.filter((person) => joinsIn(person) === month).flatMap(joining),
    ...(month > 0 && isHalfYear ? [paid(house, '1500.00')] : []),
    ...(month % rhythm === 0 ? inRhythm(month) : []),
    ...(month >= planFrom && month % rhythm > 0 ? [paid(savings, '500.00')] : []),
    ...(isHalfYear ? [invested] : []),
    ...(month === 0 ? [elected] : []),
    ...(once[month] ?? []),
  ];
}

function inRhythm(month: number): readonly Act[] {
  const time = month / rhythm;
  const bought: Act = { kind: 'BUY', account: savings, symbol: nth(kept, time), about: 2_400 };
  const spent: Act = { kind: 'SPEND', account: starter, symbol: 'KO', amount: '180.00' };
  return [
    ...(month > 0 ? [paid(savings, '1000.00')] : []),
    ...(month > starterFrom ? [paid(starter, '200.00')] : []),
    bought,
    ...(month >= starterFrom ? [spent] : []),
    ...(month % halfYear === 0 ? [] : turnover(time - Math.ceil(time / 3))),
  ];
}

/** Some things are bought, and those of the round before sold. */
function turnover(round: number): readonly Act[] {
  const chosen = (of: number): readonly string[] =>
    Array.from({ length: turnedAtOnce }, (_, index) => nth(turned, of * turnedAtOnce + index));
  const buy = (symbol: string): Act => ({ kind: 'BUY', account: trading, symbol, about: 4_200 });
  const sell = (symbol: string): Act => {
    const percent = favourites.includes(symbol) ? 60 : 100;
    return { kind: 'SELL', account: trading, symbol, percent };
  };
  return [...chosen(round).map(buy), ...(round > 0 ? chosen(round - 1) : []).map(sell)];
}

/** Planned before, for the first of a month: it runs on the first trading day. */
function planned(month: number, next: readonly string[]): readonly Act[] {
  const [first] = next;
  if (month !== planFrom - 1 || !first) return [];
  const startDate = `${first.slice(0, 'yyyy-mm'.length)}-01`;
  return [{ kind: 'PLAN', account: house, strategy: steady, amount: '300.00', startDate }];
}

/** Dollars for a share, each half-year. */
const dividends = { AAPL: '0.52', MSFT: '1.66', KO: '1.02', JNJ: '2.60' };

/** Twice a year: announced on a first day, without it from mid-month, paid with what comes next. */
function announced(month: number, days: readonly string[], later: readonly string[]) {
  const [exDate, payDate] = [days[midMonthDay], later[0]];
  if (month % halfYear !== 2 || !exDate || !payDate) return [];
  return Object.entries(dividends).map(
    ([symbol, rate]): Act => ({ kind: 'DIVIDEND', symbol, rate, exDate, payDate }),
  );
}

/**
 * What the demo customers did on which trading day: it hangs on the dates alone. The last two days
 * see no orders, so that each has settled when the bank opens.
 */
export function writeDiary(dates: readonly string[]): readonly Page[] {
  const lastOrders = dates.at(-3) ?? '';
  const months = byMonth(dates);
  const pages = months.flatMap((days, month): readonly Page[] => {
    const [date] = days;
    const [next, later] = [months[month + 1] ?? [], months[month + rhythm] ?? []];
    const acts = [...monthly(month), ...planned(month, next), ...announced(month, days, later)];
    return date ? [{ date, acts }] : [];
  });
  return pages.filter(({ date, acts }) => date <= lastOrders && acts.length > 0);
}

/** Everything that is traded in the diary, and by the strategies in it. */
export const tradedSymbols: readonly string[] = [
  ...new Set([...kept, ...turned, 'KO', 'JNJ', 'PG', 'AVGO', 'ORCL']),
].sort();
