import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assumptions } from './assumptions.ts';
import { breakingOrder, callsOf, type Inputs, sizeFor, usersAfter } from './model.ts';
import { sampleMeasured } from './sample.ts';

const inputs: Inputs = { measured: sampleMeasured, assumed: assumptions };

test('the load table of the literature comes out of it to the last call', () => {
  const table = [0, 1, 2].map((months) => {
    const users = usersAfter(months, assumptions);
    return { users, ...callsOf(users, assumptions) };
  });
  expect(table).toEqual([
    { users: 4_000, average: 400, peak: 1_400 },
    { users: 5_600, average: 560, peak: 1_960 },
    { users: 7_840, average: 784, peak: 2_744 },
  ]);
});

const someUsers = fc.integer({ min: 100, max: 1_000_000 });

test('more users never need less of anything, and never cost less', () => {
  fc.assert(
    fc.property(someUsers, someUsers, (a, b) => {
      const [few, many] = [sizeFor(Math.min(a, b), inputs), sizeFor(Math.max(a, b), inputs)];
      for (const part of few.parts) {
        const same = many.parts.find(({ name }) => name === part.name);
        expect(same?.count).toBeGreaterThanOrEqual(part.count);
      }
      expect(many.costPerMonth).toBeGreaterThanOrEqual(few.costPerMonth);
      expect(many.connections).toBeGreaterThanOrEqual(few.connections);
      expect(many.divided).toEqual(expect.arrayContaining([...few.divided]));
    }),
  );
});

test('no instance, partition or shard is asked for more than its share of what it has', () => {
  fc.assert(
    fc.property(someUsers, (users) => {
      for (const { kind, cores, count } of sizeFor(users, inputs).parts) {
        const each = kind === 'database' ? assumptions.database.cores : 1;
        expect(cores).toBeLessThanOrEqual(count * each * assumptions.utilization + 1e-6);
      }
    }),
  );
});

/** The sample with one figure of one operation made worse. */
const worse = (name: string, times: number): Inputs => {
  const { place } = sampleMeasured.operations;
  const cpuMs = { ...place.cpuMs, [name]: (place.cpuMs[name] ?? 0) * times };
  const operations = { ...sampleMeasured.operations, place: { ...place, cpuMs } };
  return { ...inputs, measured: { ...sampleMeasured, operations } };
};

test('what breaks first moves when its own figure moves', () => {
  const first = (of: Inputs) => breakingOrder(of)[0]?.name;
  expect(first(inputs)).toBe('web');
  expect(first(worse('Redis', 1_000))).toBe('Redis');
  expect(first(worse('orders', 100))).toBe('orders');
  expect(first(worse('PostgreSQL: orders', 10_000))).toBe('PostgreSQL: orders');
});

test('a database runs out of what is scarcest: cores, durable commits or storage', () => {
  const runsOut = (database: Partial<typeof assumptions.database>) => {
    const assumed = { ...assumptions, database: { ...assumptions.database, ...database } };
    const { parts } = sizeFor(1_000_000, { ...inputs, assumed });
    return parts.find(({ name }) => name === 'PostgreSQL: orders')?.runsOut;
  };
  expect(runsOut({ cores: 1 as 16, storageGbMax: 1e9 as 4_000 })).toBe('its cores');
  expect(runsOut({ commitsPerSecond: 100 as 10_000 })).toBe('durable commits');
  expect(runsOut({ storageGbMax: 1 as 4_000 })).toBe('its storage');
});
