import { expect, test } from 'vitest';
import { brokerageDay, reads } from './mixes.ts';
import { peakOf, schedule, writes } from './schedule.ts';

const wanted = { phases: brokerageDay, perSecond: 200, seconds: 100, seed: 7 };

test('the same seed gives the same day, another one another', () => {
  expect(schedule(wanted)).toEqual(schedule(wanted));
  expect(schedule({ ...wanted, seed: 8 })).not.toEqual(schedule(wanted));
});

test('requests fall due in order, as many as the rate asks for, none after the end', () => {
  const due = schedule(wanted);
  expect(due.length / (wanted.perSecond * wanted.seconds)).toBeCloseTo(1, 1);
  expect(due.map(({ atMs }) => atMs)).toEqual(
    due.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
  );
  expect(due.at(-1)?.atMs).toBeLessThan(wanted.seconds * 1_000);
});

test('a brokerage day has about ten reads to a write, and its burst at the opening bell', () => {
  const due = schedule(wanted);
  const written = due.filter(({ operation }) => writes.has(operation)).length;
  const ratio = (due.length - written) / written;
  expect(ratio).toBeGreaterThan(8.5);
  expect(ratio).toBeLessThan(11.5);
  const bell = due.filter(({ atMs }) => atMs < 15_000).length / 15;
  expect(bell / wanted.perSecond).toBeCloseTo(peakOf(brokerageDay), 0);
  expect(peakOf(brokerageDay)).toBeGreaterThan(1.5);
});

test('the phases of each mix are the whole of it', () => {
  for (const phases of [brokerageDay, reads]) {
    expect(phases.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  }
});
