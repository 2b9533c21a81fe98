import { setTimeout as pause } from 'node:timers/promises';
import type { LoadResult } from '../load/load.ts';
import type { Tables } from '../place-order/rows.ts';
import type { RunningBank } from './bank.ts';
import { loopLags } from './loop-lag.ts';
import { coresBetween, machineTicks } from './machine.ts';
import { cpuBetween, cpuTimes } from './processes.ts';
import { type Sessions, watchSessions } from './sessions.ts';

/** What a load was answered, and what it cost whom. */
export type Watched = {
  readonly load: LoadResult;
  readonly seconds: number;
  /** Cores each program used: a program of Node has one for its own code. */
  readonly cores: Readonly<Record<string, number>>;
  readonly loadCores: number;
  readonly machine: { readonly busy: number; readonly waiting: number };
  readonly loopLagMs: Readonly<Record<string, number>>;
  readonly sessions: Sessions;
  /** Deliveries of events that were still to come when the load stopped. */
  readonly backlog: number;
  /** Until they had all come; null when that took longer than was waited for. */
  readonly drainSeconds: number | null;
};

export type Setting = {
  readonly bank: RunningBank;
  readonly adminUrl: string;
  readonly tables: Tables;
};

const drainMsMax = 30_000;
const lookEveryMs = 200;

async function drained(tables: Tables): Promise<number | null> {
  const from = performance.now();
  while ((await tables.undelivered()) > 0) {
    if (performance.now() - from > drainMsMax) return null;
    await pause(lookEveryMs);
  }
  return (performance.now() - from) / 1_000;
}

/** Runs a load and looks at bank, database and machine meanwhile; waits for what it left behind. */
export async function watch(
  { bank, adminUrl, tables }: Setting,
  run: () => Promise<LoadResult>,
): Promise<Watched> {
  await loopLags(bank.operations); // the lag is counted from here
  const sessionsUntil = await watchSessions(adminUrl);
  const [cpuBefore, ticksBefore] = [cpuTimes(bank.processes), machineTicks()];
  const load = await run();
  const cpu = cpuBetween(cpuBefore, cpuTimes(bank.processes));
  const machine = coresBetween(ticksBefore, machineTicks());
  const seconds = (load.stoppedAt - load.startedAt) / 1_000;
  const loopLagMs = await loopLags(bank.operations);
  const sessions = await sessionsUntil();
  const backlog = await tables.undelivered();
  const drainSeconds = await drained(tables);
  const coresOf = ([name, ms]: [string, number]) => [name, ms / 1_000 / seconds];
  return {
    ...{ load, seconds, machine, loopLagMs, sessions, backlog, drainSeconds },
    cores: Object.fromEntries(Object.entries(cpu).map(coresOf)),
    loadCores: load.cpuMs / 1_000 / seconds,
  };
}
