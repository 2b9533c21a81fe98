import { cpus } from 'node:os';
import type { Watched } from '../banks/watch.ts';

/** A part of bank or machine, and how much of what it has was used. */
export type Usage = {
  readonly part: string;
  /** From 0 to 1: at 1 it has no more to give. */
  readonly used: number;
  readonly measured: string;
};

/** From here on a part is as good as full: what comes by chance has to wait for it. */
const fullAt = 0.85;

const percentOf = (share: number) => `${(share * 100).toFixed(0)} %`;
const isPostgres = (name: string) => name.startsWith('PostgreSQL');
const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

/** Every part that may be the narrow one, the fullest first. */
export function usages(watched: Watched, cores = cpus().length): readonly Usage[] {
  const { cores: used, machine, loopLagMs, sessions, loadCores } = watched;
  const programs = Object.entries(used).filter(([name]) => !isPostgres(name));
  const waits = Object.entries(sessions.waiting).toSorted(([, a], [, b]) => b - a);
  const told = waits.map(([what, n]) => `${n.toFixed(1)} for ${what}`).join(', ') || 'nothing';
  const postgres = sum(Object.entries(used).flatMap(([name, n]) => (isPostgres(name) ? [n] : [])));
  const others = Math.max(0, machine.busy - sum(Object.values(used)) - loadCores);
  const lag = (name: string) =>
    loopLagMs[name] === undefined ? '' : `, event loop late by ${loopLagMs[name].toFixed(0)} ms`;
  return [
    {
      part: 'the machine’s cores',
      used: machine.busy / cores,
      measured:
        `${machine.busy.toFixed(2)} of ${cores} cores, ` +
        `of which the load generator ${loadCores.toFixed(2)} and others ${others.toFixed(2)}`,
    },
    ...programs.map(([name, n]) => ({
      part: `the one core of ${name}`,
      used: n,
      measured: `${n.toFixed(2)} cores${lag(name)}`,
    })),
    {
      part: 'PostgreSQL’s processes',
      used: postgres / cores,
      measured: `${postgres.toFixed(2)} cores; statements wait: ${told}`,
    },
    {
      part: 'the disk',
      used: machine.waiting / cores,
      measured: `${machine.waiting.toFixed(2)} cores wait for it`,
    },
    {
      part: 'the load generator',
      used: loadCores,
      measured: `${loadCores.toFixed(2)} cores, late by ${watched.load.lagP99Ms.toFixed(0)} ms`,
    },
  ].toSorted((a, b) => b.used - a.used);
}

/** The fullest part where one is full; otherwise that none is, and which one comes nearest. */
export function limiting(watched: Watched, cores?: number): string {
  const [fullest] = usages(watched, cores);
  if (!fullest) throw new Error('nothing was measured');
  const { part, used, measured } = fullest;
  return used >= fullAt
    ? `${part}: ${percentOf(used)} used (${measured})`
    : `no part was full; the fullest was ${part}, ${percentOf(used)} used (${measured})`;
}
