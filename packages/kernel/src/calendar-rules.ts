import { Temporal } from 'temporal-polyfill';

export const firstYear = 1998;
export const lastYear = 2028;

const monday = 1;
const thursday = 4;
const saturday = 6;
const sunday = 7;

/** Closed once, by decision of the exchange and not by rule. */
const closedOnce = new Set([
  '2001-09-11', // attacks
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11', // day of mourning, Ronald Reagan
  '2007-01-02', // day of mourning, Gerald Ford
  '2012-10-29', // Hurricane Sandy
  '2012-10-30',
  '2018-12-05', // day of mourning, George H. W. Bush
  '2025-01-09', // day of mourning, Jimmy Carter
]);

/** In 2002 the exchange closed early after Independence Day, in 2003 also after Christmas. */
const earlyOnce = new Set(['2002-07-05', '2003-12-26']);
const notEarlyOnce = new Set(['2002-07-03']);

/** The exchange took up Juneteenth in its calendar of 2022. */
const juneteenthFrom = 2022;

/** The n-th weekday of a month, counted from 1; -1 is the last one. */
function nthWeekday(month: Temporal.PlainYearMonth, weekday: number, n: number): string {
  if (n < 0) {
    const last = month.toPlainDate({ day: month.daysInMonth });
    return last.subtract({ days: (last.dayOfWeek - weekday + 7) % 7 }).toString();
  }
  const first = month.toPlainDate({ day: 1 });
  return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (n - 1) }).toString();
}

/** The weekday on which a holiday of fixed date is kept: Friday for Saturday, Monday for Sunday. */
function observed(date: Temporal.PlainDate): string {
  if (date.dayOfWeek === saturday) return date.subtract({ days: 1 }).toString();
  if (date.dayOfWeek === sunday) return date.add({ days: 1 }).toString();
  return date.toString();
}

/** Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher). */
function easterSunday(year: number): Temporal.PlainDate {
  const a = year % 19;
  const b = Math.trunc(year / 100);
  const c = year % 100;
  const f = Math.trunc((b + 8) / 25);
  const g = Math.trunc((b - f + 1) / 3);
  const h = (19 * a + b - Math.trunc(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.trunc(c / 4) - h - (c % 4)) % 7;
  const m = Math.trunc((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.trunc(n / 31), day: (n % 31) + 1 });
}

/** Full-day closures of a year by the exchange's holiday rules; some may fall on a weekend. */
export function closuresOf(year: number): ReadonlySet<string> {
  const month = (number: number) => Temporal.PlainYearMonth.from({ year, month: number });
  const day = (number: number, dayOfMonth: number) =>
    month(number).toPlainDate({ day: dayOfMonth });
  const newYear = day(1, 1);
  const closures = [
    // A New Year's Day on Saturday is not moved: the Friday closes the books of the year.
    newYear.dayOfWeek === saturday ? newYear.toString() : observed(newYear),
    nthWeekday(month(1), monday, 3),
    nthWeekday(month(2), monday, 3),
    easterSunday(year).subtract({ days: 2 }).toString(),
    nthWeekday(month(5), monday, -1),
    observed(day(7, 4)),
    nthWeekday(month(9), monday, 1),
    nthWeekday(month(11), thursday, 4),
    observed(day(12, 25)),
  ];
  if (year >= juneteenthFrom) closures.push(observed(day(6, 19)));
  return new Set(closures);
}

export const isClosedOnce = (date: string): boolean => closedOnce.has(date);

/** The days of a year that close at 13:00; only those that are trading days count. */
export function earlyClosesOf(year: number): ReadonlySet<string> {
  const november = Temporal.PlainYearMonth.from({ year, month: 11 });
  const thanksgiving = Temporal.PlainDate.from(nthWeekday(november, thursday, 4));
  const eves = [
    Temporal.PlainDate.from({ year, month: 7, day: 3 }),
    Temporal.PlainDate.from({ year, month: 12, day: 24 }),
  ].filter(({ dayOfWeek }) => dayOfWeek <= thursday);
  const days = [thanksgiving.add({ days: 1 }), ...eves].map(String);
  const once = [...earlyOnce].filter((date) => date.startsWith(String(year)));
  return new Set([...days, ...once].filter((date) => !notEarlyOnce.has(date)));
}

/** Bank holidays on which the exchange trades: nothing settles (FINRA holiday schedules). */
export function bankHolidaysOf(year: number): ReadonlySet<string> {
  const october = Temporal.PlainYearMonth.from({ year, month: 10 });
  const veterans = Temporal.PlainDate.from({ year, month: 11, day: 11 });
  // Banks keep a Veterans Day on Saturday on no other day; one on Sunday is kept on Monday.
  const kept = veterans.dayOfWeek === saturday ? veterans.toString() : observed(veterans);
  return new Set([nthWeekday(october, monday, 2), kept]);
}
