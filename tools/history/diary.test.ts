import { isTradingDay } from '@simplebank/kernel/calendar';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { people } from '../seed/people.ts';
import { closeOf, tradingDaysBefore } from './days.ts';
import { tradedSymbols, writeDiary } from './diary.ts';

const firstDay = Date.parse('2024-01-01');
const dayMs = 86_400_000;
const nows = fc.integer({ min: 0, max: 1_500 }).map((days) => new Date(firstDay + days * dayMs));

test('whatever the day of the first start, nobody sells what they have not bought', () => {
  fc.assert(
    fc.property(nows, (now) => {
      const bought = new Set<string>();
      const joined = new Set<string>();
      for (const { date, acts } of writeDiary(tradingDaysBefore(now))) {
        expect(isTradingDay(date) && closeOf(date) < now).toBe(true);
        for (const act of acts) {
          if (act.kind === 'DIVIDEND') continue;
          if (act.kind === 'JOIN') {
            for (const { name } of act.person.accounts) joined.add(name);
            continue;
          }
          expect(joined).toContain(act.account);
          if (act.kind === 'BUY') bought.add(`${act.account}/${act.symbol}`);
          if (act.kind === 'SELL') expect(bought).toContain(`${act.account}/${act.symbol}`);
          if ('symbol' in act) expect(tradedSymbols).toContain(act.symbol);
        }
      }
      expect(joined.size).toBe(people.flatMap(({ accounts }) => accounts).length);
    }),
    { numRuns: 60 },
  );
});

test('two years see deposits, dozens of orders, sales and money taken out', () => {
  const acts = writeDiary(tradingDaysBefore(new Date('2026-11-20T22:00:00Z'))).flatMap(
    (page) => page.acts,
  );
  const count = (kind: string) => acts.filter((act) => act.kind === kind).length;
  expect(count('DEPOSIT')).toBeGreaterThan(24);
  expect(count('BUY') + count('SPEND')).toBeGreaterThan(36);
  expect(count('SELL')).toBeGreaterThan(12);
  expect([count('JOIN'), count('WITHDRAW'), count('INVEST')]).toEqual([3, 2, 4]);
  expect([count('ELECT'), count('PLAN'), count('DIVIDEND')]).toEqual([1, 1, 16]);
});
