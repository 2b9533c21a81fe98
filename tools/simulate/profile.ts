import { createDice } from './dice.ts';
import type { Temper } from './exchange-temper.ts';
import type { Weather } from './network.ts';
import type { Manners } from './payer.ts';

/** What a seed makes of the world: when it plays, who takes part, and how much goes wrong. */
export type Profile = {
  /** Within or near a session; weekends, holidays and the change of the clock are not far. */
  readonly start: string;
  readonly customers: number;
  /** Of a step that a process crashes during it, or right after it. */
  readonly crash: number;
  readonly weather: Weather;
  readonly temper: Temper;
  readonly manners: Manners;
};

const starts = [
  '2026-01-30T17:00:00.000Z',
  '2026-03-06T20:30:00.000Z',
  '2026-05-22T15:00:00.000Z',
  '2026-07-02T19:40:00.000Z',
  '2026-10-09T18:00:00.000Z',
  '2026-10-30T15:30:00.000Z',
  '2026-11-10T14:00:00.000Z',
  '2026-11-25T19:00:00.000Z',
  '2026-12-24T15:00:00.000Z',
  '2026-12-31T20:00:00.000Z',
];

const hourMs = 3_600_000;

export function profileOf(seed: number): Profile {
  const dice = createDice(seed, 'profile');
  /** Each trouble is left out of every third run, so that what follows from it can be told. */
  const some = (most: number) => (dice.flip(1 / 3) ? 0 : dice.chance() * most);
  return {
    start: dice.pick(starts),
    customers: dice.pick([1, 1, 2, 2, 3]),
    crash: some(0.12),
    weather: {
      delayed: some(0.6),
      dropped: some(0.2),
      doubled: some(0.4),
      shuffled: some(1),
      delayMsMax: dice.pick([200, 2_000, 60_000]),
    },
    temper: {
      rejects: some(0.25),
      answersLost: some(0.15),
      callsLost: some(0.15),
      repeats: some(0.4),
      lateFills: some(2),
      outages: some(0.08),
    },
    manners: {
      refuses: some(0.2),
      returns: some(0.6),
      callsLost: some(0.15),
      answersLost: some(0.15),
      repeats: some(0.4),
      forgets: some(0.3),
      delayMsMax: dice.pick([100, 5_000, 20 * hourMs]),
    },
  };
}
