import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Ticks of all cores so far: doing nothing, waiting for a disk, and in all. */
export type Ticks = { readonly idle: number; readonly waiting: number; readonly all: number };

export function machineTicks(): Ticks {
  if (process.platform !== 'linux') return { idle: 0, waiting: 0, all: 0 };
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { idle, waiting, all: ticks.reduce((sum, each) => sum + each, 0) };
}

/** How many of the machine's cores worked, whoever for, and how many waited for a disk. */
export function coresBetween(before: Ticks, after: Ticks): { busy: number; waiting: number } {
  const all = after.all - before.all;
  if (all === 0) return { busy: Number.NaN, waiting: Number.NaN };
  const cores = cpus().length;
  const [idle, waiting] = [after.idle - before.idle, after.waiting - before.waiting];
  return { busy: (cores * (all - idle - waiting)) / all, waiting: (cores * waiting) / all };
}
