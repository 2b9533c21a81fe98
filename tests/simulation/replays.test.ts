import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeGrounds, type Grounds, openGrounds } from '../../tools/simulate/grounds.ts';
import { run } from '../../tools/simulate/run.ts';
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

describe('a seed plays again exactly as before', () => {
  test.each([3, 9, 14])(
    'seed %i, statement by statement',
    { timeout: minutesMax },
    async (seed) => {
      const length = { orders: 12, days: 3 };
      const lines: string[][] = [[], []];
      const first = await run({ seed, grounds, ...length, hear: (line) => lines[0]?.push(line) });
      // Another in between: nothing of it may be left.
      await run({ seed: seed + 1, grounds, orders: 2, days: 0 });
      const second = await run({ seed, grounds, ...length, hear: (line) => lines[1]?.push(line) });
      expect(lines[0]?.length).toBeGreaterThan(300);
      expect(lines[1]).toEqual(lines[0]);
      expect(second.hash).toBe(first.hash);
    },
  );

  test('and another seed plays otherwise', { timeout: minutesMax }, async () => {
    const [one, other] = [
      await run({ seed: 1, grounds, orders: 2, days: 0 }),
      await run({ seed: 2, grounds, orders: 2, days: 0 }),
    ];
    expect(one.hash).not.toBe(other.hash);
  });
});
