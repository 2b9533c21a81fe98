import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addTo, kinds } from '../../tools/simulate/coverage.ts';
import { closeGrounds, type Grounds, openGrounds } from '../../tools/simulate/grounds.ts';
import { run } from '../../tools/simulate/run.ts';
import { createTally } from '../../tools/simulate/tally.ts';
import { makePlaces } from './places.ts';

let grounds: Grounds;
let drop: () => Promise<unknown>;
beforeAll(async () => {
  const made = await makePlaces();
  grounds = await openGrounds(made.places);
  drop = made.drop;
});
afterAll(async () => {
  await closeGrounds(grounds);
  await drop();
});

const minutesMax = 10 * 60_000;
const chunks = 20;
const seedsPerChunk = 10;
const longEvery = 5;

/** Most are short, so that a few hundred are quick: what goes wrong hangs on how they begin. */
const lengthOf = (seed: number) =>
  seed % longEvery === 0
    ? { orders: 6 + (seed % 4), days: seed % 4 }
    : { orders: 1 + (seed % 3), days: seed % 2 };

/** Too seldom for as few seeds as these; the long run has them. */
const rare: ReadonlySet<string> = new Set([
  ...['closings', 'shares missing', 'withdrawals while frozen', 'reservations timed out'],
  'late fills after a cancel',
]);
const happened = createTally();

describe('whatever goes wrong between the contexts, every law is kept', () => {
  test.each(Array.from({ length: chunks }, (_, chunk) => chunk * seedsPerChunk + 1))(
    `in ${seedsPerChunk} seeds from %i on`,
    { timeout: minutesMax },
    async (first) => {
      for (let seed = first; seed < first + seedsPerChunk; seed += 1) {
        const length = lengthOf(seed);
        const { broken, counts } = await run({ seed, grounds, ...length });
        addTo(happened, counts);
        const again = `npm run simulate -- --seed ${seed} --orders ${length.orders}`;
        expect(broken, `${again} --days ${length.days}`).toBeNull();
      }
    },
  );

  test('and everything that the simulation is there for did happen in them', () => {
    const all = happened.all();
    expect(kinds.filter((kind) => !all[kind] && !rare.has(kind))).toEqual([]);
  });
});
