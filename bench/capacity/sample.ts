import { type Measured, type MeasuredName, measuredNames } from './measured.ts';

const read = { bytes: {}, commits: 0, events: 0, deliveries: 0 };
const quantilesMs = Array.from({ length: 21 }, (_, nth) => 8 + nth);

/** Round figures of nobody's bank, for tests of the model. */
export const sampleMeasured: Measured = {
  machine: 'a sample',
  connections: 40,
  operations: Object.fromEntries(
    measuredNames.map((name): [MeasuredName, Measured['operations'][MeasuredName]] => {
      if (name === 'place' || name === 'rest') {
        const cpuMs = { web: 2, orders: 5, accounts: 2, 'PostgreSQL: orders': 3, Redis: 0.5 };
        const bytes = { orders: 6_000, accounts: 3_000 };
        return [name, { cpuMs, quantilesMs, bytes, commits: 9, events: 9, deliveries: 14 }];
      }
      return [
        name,
        { ...read, quantilesMs, cpuMs: { web: 2, assets: 1, 'PostgreSQL: assets': 0.2 } },
      ];
    }),
  ) as Measured['operations'],
};
