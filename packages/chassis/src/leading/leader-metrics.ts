import { Counter, Gauge } from 'prom-client';
import { metrics } from '../process/metrics.ts';

const leader = new Gauge({
  name: 'simplebank_leader',
  help: 'Whether this process is the one that does the job: 1, or 0 while another one does.',
  labelNames: ['service', 'job'] as const,
  registers: [metrics],
});
const takeovers = new Counter({
  name: 'simplebank_leader_takeovers_total',
  help: 'How often this process took a job over from another one.',
  labelNames: ['service', 'job'] as const,
  registers: [metrics],
});

const lostBefore = new Set<string>();

type Leading = { readonly isLeader: boolean; readonly isTakeover?: boolean };

/** `name` is `<service>.<job>`, from a bounded set. Not said: who lost before has taken over. */
export function recordLeader(name: string, { isLeader, isTakeover }: Leading): void {
  const [service = name, job = name] = name.split('.');
  leader.set({ service, job }, isLeader ? 1 : 0);
  if (isLeader && (isTakeover ?? lostBefore.has(name))) takeovers.inc({ service, job });
  if (isLeader) lostBefore.delete(name);
  else lostBefore.add(name);
}
