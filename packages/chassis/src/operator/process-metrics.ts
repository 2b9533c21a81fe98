import { Counter, Gauge } from 'prom-client';
import { metrics } from '../process/metrics.ts';

type Process = 'order' | 'investment' | 'plan' | 'rebalancing';
type Of = { readonly service: string; readonly process: Process };

const stuck = new Gauge({
  name: 'simplebank_stuck_processes',
  help: 'Processes past the deadline of their step, as counted last.',
  labelNames: ['service', 'process'] as const,
  registers: [metrics],
});
const ends = new Counter({
  name: 'simplebank_process_ends_total',
  help: 'Processes that ended, by whether the deadline of their last step had passed.',
  labelNames: ['service', 'process', 'timeliness'] as const,
  registers: [metrics],
});

export const recordStuck = (of: Of, count: number): void => stuck.set(of, count);

export type Timeliness = 'in_time' | 'late';

/** Told inside a transaction, so one that is run again after a conflict is counted twice. */
export const recordProcessEnd = (of: Of, timeliness: Timeliness): void =>
  ends.inc({ ...of, timeliness });
