import type { Operation } from '../load/schedule.ts';

/** Processor milliseconds by who spends them: a process, `PostgreSQL: <database>` or `Redis`. */
type CpuMs = Readonly<Record<string, number>>;

export type MeasuredOperation = {
  /** Of one call with all that follows from it, without what the bank spends at rest. */
  readonly cpuMs: CpuMs;
  /** Of one customer alone: 21 quantiles of the answer's time, from the least to the greatest. */
  readonly quantilesMs: readonly number[];
  /** By database, for each call; deletions later are not taken off. */
  readonly bytes: Readonly<Record<string, number>>;
  /** Committed transactions of all databases for each call. */
  readonly commits: number;
  readonly events: number;
  readonly deliveries: number;
};

/** What `npm run bench:capacity -- --measure` finds on a distributed bank. */
export type Measured = {
  readonly machine: string;
  readonly operations: Readonly<Record<MeasuredName, MeasuredOperation>>;
  /** Connections that one instance of each process had open, on average over its calls. */
  readonly connections: number;
};

/** A cancellation costs what the order did that rests until then, so it is not measured apart. */
export const measuredNames = [
  ...(['quote', 'asset list', 'portfolio', 'order list', 'activities'] as const),
  ...(['place', 'rest', 'deposit'] as const),
];
export type MeasuredName = (typeof measuredNames)[number];

export const measuredAs = (operation: Operation): MeasuredName =>
  operation === 'cancel' ? 'rest' : operation;

export const measuredFile = new URL('../results/capacity-measured.json', import.meta.url);
