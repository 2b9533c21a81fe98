import {
  CalendarUnknown,
  clockAt,
  isTradingDay,
  sessionOf,
  settlementDate,
} from '@simplebank/kernel/calendar';
import { z } from 'zod';
import {
  type Case,
  casesOf,
  type Fields,
  InputProblem,
  isFields,
  read,
  type Verdict,
  verdict,
} from './cases.ts';
import { caseOf, instant, instantText, localDate, must, whole } from './formats.ts';

const unknown = 'CALENDAR_UNKNOWN';
const unknowns = [
  z.literal(unknown),
  z.strictObject({ code: z.literal(unknown) }).transform(({ code }) => code),
] as const;

/** Any answer may also be that the calendar does not reach so far. */
const answer = <Known extends z.ZodType>(known: Known, what: string) =>
  z.union([...unknowns, known], must(`${what} or "${unknown}"`));

/** A closed day has no session, however the case says so. */
const session = z
  .strictObject({
    open: instant.nullable(),
    close: instant.nullish(),
    early: z.boolean().nullish(),
  })
  .nullable()
  .transform((given) => given ?? { open: null });

const clock = z.strictObject({ isOpen: z.boolean(), nextOpen: instant, nextClose: instant });

const sessionProbe = caseOf({
  kind: z.literal('session'),
  date: localDate,
  expected: answer(session, '{open, close, early}, {"open": null}'),
});
const clockProbe = caseOf({
  kind: z.literal('clock'),
  at: instant,
  expected: answer(clock, '{isOpen, nextOpen, nextClose}'),
});
const settlementProbe = caseOf({
  kind: z.literal('settlement'),
  tradeDate: localDate,
  expected: answer(localDate.nullable(), 'a date, null'),
});
const probe = z.discriminatedUnion(
  'kind',
  [sessionProbe, clockProbe, settlementProbe],
  must('session, clock or settlement'),
);

/** The calendar guesses nothing beyond its years, and saying so is an answer like another. */
function asked<T>(ask: () => T): T | typeof unknown {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CalendarUnknown) return unknown;
    throw error;
  }
}

type Shown = Readonly<Record<string, Date | string | boolean | null | undefined>>;

const shown = (fields: Shown | typeof unknown) =>
  fields === unknown
    ? unknown
    : Object.fromEntries(
        Object.entries(fields)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [name, value instanceof Date ? instantText(value) : value]),
      );

/** A case that leaves `close` or `early` out says nothing about it. */
function judgeSession(id: string, { date, expected }: z.infer<typeof sessionProbe>): Verdict {
  const actual = asked(() => sessionOf(date) ?? { open: null });
  if (expected === unknown || expected.open === null || actual === unknown) {
    return verdict(id, shown(expected), shown(actual));
  }
  const stated = Object.entries(actual).filter(([name]) => name in expected);
  return verdict(id, shown(expected), shown(Object.fromEntries(stated)));
}

/** Only a trading day has a settlement date. */
function judgeSettlement(
  id: string,
  { tradeDate, expected }: z.infer<typeof settlementProbe>,
): Verdict {
  const settled = () => (isTradingDay(tradeDate) ? settlementDate(tradeDate) : null);
  return verdict(id, expected, asked(settled));
}

function judgeProbe({ id, given }: Case<z.infer<typeof probe>>): Verdict {
  switch (given.kind) {
    case 'session':
      return judgeSession(id, given);
    case 'clock':
      return verdict(id, shown(given.expected), shown(asked(() => clockAt(given.at))));
    case 'settlement':
      return judgeSettlement(id, given);
    default:
      return given satisfies never;
  }
}

/** `session 2024-03-29` */
function probeName({ kind, date, at, tradeDate }: Fields): string | null {
  const when = date ?? at ?? tradeDate;
  return typeof kind === 'string' && typeof when === 'string' ? `${kind} ${when}` : null;
}

const dayMs = 86_400_000;
const year = z.string().regex(/^\d{4}$/);
const count = answer(whole, 'a whole number');

function tradingDays(name: string): number {
  const [first, end] = [Date.parse(`${name}-01-01`), Date.parse(`${name}-12-31`)];
  let days = 0;
  for (let at = first; at <= end; at += dayMs) {
    if (isTradingDay(new Date(at).toISOString().slice(0, 10))) days += 1;
  }
  return days;
}

function judgeYears(file: Fields): readonly Verdict[] {
  const years = file['tradingDaysPerYear'] ?? {};
  if (!isFields(years)) throw new InputProblem('tradingDaysPerYear must be days by year');
  return Object.entries(years).map(([name, days]) => {
    const id = `tradingDaysPerYear ${name}`;
    if (!year.safeParse(name).success) throw new InputProblem(`case ${id}: ${name} is no year`);
    const expected = read(id, days, count);
    const actual = asked(() => tradingDays(name));
    return verdict(id, expected === unknown ? unknown : Number(expected), actual);
  });
}

/** Sessions, clock and settlement dates of the exchange by the bank's own calendar. */
export const calendar = (file: Fields): readonly Verdict[] => [
  ...casesOf(file, { list: 'probes', schema: probe, nameOf: probeName }).map(judgeProbe),
  ...judgeYears(file),
];
