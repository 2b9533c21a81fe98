import type { Phase } from './schedule.ts';

/** What people look at, whatever the hour. */
const looking = { quote: 40, 'asset list': 10, portfolio: 20, 'order list': 15, activities: 15 };

/**
 * A day of trading, pressed together. Volume over a day is U-shaped: a burst at the opening bell,
 * little around noon, more before the close. About ten reads come to one write over the whole day,
 * and more writes than that at the bell.
 */
export const brokerageDay: readonly Phase[] = [
  {
    ...{ name: 'opening bell', share: 0.15, intensity: 1.8 },
    weights: { ...looking, place: 9, rest: 3, cancel: 2, deposit: 1 },
  },
  {
    ...{ name: 'morning', share: 0.25, intensity: 1 },
    weights: { ...looking, place: 4, rest: 2, cancel: 2, deposit: 2 },
  },
  {
    ...{ name: 'noon', share: 0.3, intensity: 0.6 },
    weights: { ...looking, place: 3, rest: 1, cancel: 1, deposit: 2 },
  },
  {
    ...{ name: 'close', share: 0.3, intensity: 1.1 },
    weights: { ...looking, place: 5, rest: 1, cancel: 2, deposit: 1 },
  },
];

/** Reads alone, evenly: quotes for the most part, as a page that is left open asks them. */
export const reads: readonly Phase[] = [
  {
    ...{ name: 'reads', share: 1, intensity: 1 },
    weights: { quote: 60, 'asset list': 20, portfolio: 20 },
  },
];

/** Four operations in equal parts, of which two are the same order at its two ends. */
export const mixed: readonly Phase[] = [
  {
    ...{ name: 'mixed', share: 1, intensity: 1 },
    weights: { quote: 40, portfolio: 40, place: 20 },
  },
];
