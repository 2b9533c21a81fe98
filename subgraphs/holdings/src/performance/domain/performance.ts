import { type Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { ok } from '@simplebank/kernel/result';
import { addDays, daysBetween } from './days.ts';
import { annualised, type Linked, linkDays, type ReturnDay } from './twr.ts';
import { type Rate, unavailable } from './unavailable.ts';
import { type Flow, xirr } from './xirr.ts';

/** An account at the end of a day; its value is null when something held had no price. */
export type ValuedDay = ReturnDay & { readonly day: string };

/** An account over the days of a period. */
export type History = {
  /** What it was worth at the end of the day before; 0 for an account that had not begun. */
  readonly start: Decimal | null;
  readonly startDay: string;
  /** Oldest first, the last one being the end; empty when there was no account. */
  readonly days: readonly ValuedDay[];
};

/** Days known of an account, the first of them perhaps from before the period. */
export function historyOf(known: readonly ValuedDay[], from: string | null): History {
  const days = from === null ? known : known.filter(({ day }) => day >= from);
  const before = from === null ? undefined : known.filter(({ day }) => day < from).at(-1);
  const first = days[0]?.day ?? from ?? '';
  const startDay = before?.day ?? (first && addDays(first, -1));
  return { start: before ? before.value : zero, startDay, days };
}

/** Nothing was there, and nothing came: there is nothing that a figure could be about. */
function isEmpty({ start, days }: History): boolean {
  const still = (amount: Decimal | null): boolean => amount?.isZero() ?? false;
  return (
    still(start) &&
    days.every((day) => still(day.value) && day.inflow.isZero() && day.outflow.isZero())
  );
}

export function startValue({ start, days }: History): Rate {
  if (days.length === 0) return unavailable('NO_VALUE');
  return start === null ? unavailable('PRICE_MISSING') : ok(start);
}

export function endValue({ days }: History): Rate {
  const last = days.at(-1);
  if (!last) return unavailable('NO_VALUE');
  return last.value === null ? unavailable('PRICE_MISSING') : ok(last.value);
}

export const inflowOf = ({ days }: History): Decimal => sum(days.map(({ inflow }) => inflow));
export const outflowOf = ({ days }: History): Decimal => sum(days.map(({ outflow }) => outflow));

/** End less start less what came from outside: what the account has made by itself. */
export function gainOf(history: History): Rate {
  const [start, end] = [startValue(history), endValue(history)];
  if (!start.ok) return start;
  if (!end.ok) return end;
  const net = inflowOf(history).minus(outflowOf(history));
  return ok(end.value.minus(start.value).minus(net));
}

const links = new WeakMap<History, Linked>();

/** Reckoned once: a year is some 365 divisions, and several figures rest on it. */
export function linked(history: History): Linked {
  const known = links.get(history) ?? linkDays(history.start, history.days);
  links.set(history, known);
  return known;
}

export const twrOf = (history: History): Rate =>
  isEmpty(history) ? unavailable('NO_VALUE') : linked(history).total;

/** Calendar days, both ends counted (domain §4.3). */
export function annualisedTwrOf(history: History): Rate {
  const last = history.days.at(-1);
  if (!last) return unavailable('NO_VALUE');
  return annualised(twrOf(history), daysBetween(history.startDay, last.day));
}

const isMoved = ({ inflow, outflow }: ValuedDay): boolean => !(inflow.isZero() && outflow.isZero());

/** What was there at the start is put in on that day, what is left at the end taken out. */
export function xirrOf(history: History): Rate {
  if (isEmpty(history)) return unavailable('NO_VALUE');
  const [start, end] = [startValue(history), endValue(history)];
  if (!start.ok) return start;
  if (!end.ok) return end;
  const moved = history.days.filter(isMoved).flatMap(({ day, inflow, outflow }): Flow[] => [
    { date: day, amount: inflow.neg() },
    { date: day, amount: outflow },
  ]);
  const endDay = history.days.at(-1)?.day ?? history.startDay;
  return xirr([
    { date: history.startDay, amount: start.value.neg() },
    ...moved,
    { date: endDay, amount: end.value },
  ]);
}
