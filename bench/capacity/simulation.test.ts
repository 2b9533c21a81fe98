import { expect, test } from 'vitest';
import { objective } from '../objective.ts';
import { assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { sizeFor } from './model.ts';
import { sampleMeasured } from './sample.ts';
import { serversOf, simulate } from './simulation.ts';

const inputs = { measured: sampleMeasured, assumed: assumptions };
const requests = 20_000;
const play = (users: number, seed: number, part = 1) => {
  const size = sizeFor(users, inputs);
  const servers = new Map(
    [...serversOf(size)].map(([name, n]) => [name, Math.max(1, Math.floor(n * part))]),
  );
  return simulate(inputs, { perSecond: size.calls.peak, servers, requests, seed });
};

test('the same seed plays the same day', () => {
  expect(play(7_840, 3)).toEqual(play(7_840, 3));
  expect(play(7_840, 3)).not.toEqual(play(7_840, 4));
});

test.each([4_000, 100_000, 1_000_000])(
  'what the model wants for %i users keeps the objective',
  (users) => {
    const { p95Ms, busiest } = play(users, 7);
    expect(p95Ms).toBeLessThan(objective.underMs);
    expect(busiest.used).toBeLessThan(0.75);
  },
);

test('with two fifths of it the objective is broken: the simulation can say no', () => {
  expect(play(100_000, 7, 0.4).p95Ms).toBeGreaterThan(objective.underMs);
});

test('one server with service times of no spread waits as long as the formula says', () => {
  // M/D/1 at half its strength: the mean wait is half a service time, beside the service.
  const quantilesMs = Array.from({ length: 21 }, () => 2);
  const one = { cpuMs: { web: 2 }, quantilesMs, bytes: {}, commits: 0, events: 0, deliveries: 0 };
  const operations: Measured['operations'] = {
    ...{ quote: one, 'asset list': one, portfolio: one, 'order list': one },
    ...{ activities: one, place: one, rest: one, deposit: one },
  };
  const measured = { ...sampleMeasured, operations };
  const wishes = { perSecond: 250, servers: new Map([['web', 1]]), requests: 50_000, seed: 1 };
  const { meanMs, busiest } = simulate({ measured, assumed: assumptions }, wishes);
  expect(busiest.used).toBeCloseTo(0.5, 1);
  expect(meanMs).toBeGreaterThan(2.85);
  expect(meanMs).toBeLessThan(3.15);
});
