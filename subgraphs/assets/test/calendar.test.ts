import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, nobody, openBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const unknown = { code: 'CALENDAR_UNKNOWN' };

test('the clock answers for any instant of the calendar, and says where it ends', async () => {
  const text = `query ($at: DateTime!) { marketClockAt(at: $at) {
    ... on MarketClock { isOpen nextOpen nextClose calendar } ... on CalendarUnknown { code } } }`;
  const at = (instant: string) => bench.read(nobody, text, { at: instant });
  // The close is no longer the day; the next one ends early, after a holiday.
  expect(await at('2026-11-25T21:00:00.000Z')).toEqual({
    isOpen: false,
    nextOpen: '2026-11-27T14:30:00.000Z',
    nextClose: '2026-11-27T18:00:00.000Z',
    calendar: 'NYSE',
  });
  expect(await at('2026-11-27T14:30:00.000Z')).toMatchObject({ isOpen: true });
  expect(await at('2029-01-02T15:00:00.000Z')).toEqual(unknown);
  expect(await at('1997-12-31T15:00:00.000Z')).toEqual(unknown);
});

test('a day has its hours and its settlement date', async () => {
  const text = `query ($date: LocalDate!) { marketDay(date: $date) {
    ... on MarketDay { date isTradingDay open close isEarlyClose isSettlementDay settlementDate }
    ... on CalendarUnknown { code } } }`;
  const on = (date: string) => bench.read(nobody, text, { date });
  expect(await on('2026-11-27')).toEqual({
    ...{ date: '2026-11-27', isTradingDay: true, isEarlyClose: true, isSettlementDay: true },
    ...{ open: '2026-11-27T14:30:00.000Z', close: '2026-11-27T18:00:00.000Z' },
    settlementDate: '2026-11-30',
  });
  expect(await on('2026-11-26')).toEqual({
    ...{ date: '2026-11-26', isTradingDay: false, isEarlyClose: false, isSettlementDay: false },
    ...{ open: null, close: null, settlementDate: null },
  });
  // Veterans Day: the exchange trades, the banks do not.
  expect(await on('2026-11-11')).toMatchObject({ isTradingDay: true, isSettlementDay: false });
  expect(await on('2028-12-29')).toMatchObject({ isTradingDay: true, settlementDate: null });
  expect(await on('2029-01-02')).toEqual(unknown);
});

test('a calendar is bounded by 366 days', async () => {
  const text = `query ($from: LocalDate!, $to: LocalDate!) { marketCalendar(from: $from, to: $to) {
    ... on MarketCalendarDays { days { date isTradingDay } } ... on CalendarUnknown { code } } }`;
  type Days = { days: { date: string; isTradingDay: boolean }[] };
  const { days } = await bench.read<Days>(nobody, text, { from: '2026-01-01', to: '2026-12-31' });
  expect([days.length, days.filter((day) => day.isTradingDay).length]).toEqual([365, 251]);
  expect([days[0]?.date, days.at(-1)?.date]).toEqual(['2026-01-01', '2026-12-31']);
  expect(await bench.read(nobody, text, { from: '2028-12-31', to: '2029-01-01' })).toEqual(unknown);
  const bad = [
    { from: '2026-01-01', to: '2027-01-02' },
    { from: '2026-01-02', to: '2026-01-01' },
  ];
  const answers = await Promise.all(bad.map((each) => bench.ask(nobody, text, each)));
  expect(answers.map(({ errors }) => errors[0]?.extensions)).toEqual([
    { code: 'BAD_INPUT', field: 'to' },
    { code: 'BAD_INPUT', field: 'to' },
  ]);
});

test('a market around the clock is always open, and tells of the exchange if asked', async () => {
  const always = await openBench({ MARKET_CALENDAR: 'always' });
  const text = '{ marketClockAt(at: "2030-01-01T00:00:00Z") { ... on MarketClock { isOpen } } }';
  expect(await always.read(nobody, text)).toEqual({ isOpen: true });
  const nyse = `{ marketClockAt(at: "2026-11-25T21:00:00Z", calendar: NYSE) {
    ... on MarketClock { isOpen nextOpen calendar } } }`;
  expect(await always.read(nobody, nyse)).toEqual({
    ...{ isOpen: false, nextOpen: '2026-11-27T14:30:00.000Z', calendar: 'NYSE' },
  });
  expect(await always.read(nobody, '{ marketClock(calendar: NYSE) { nextClose } }')).toEqual({
    nextClose: '2026-11-23T21:00:00.000Z',
  });
  await always.close();
});
