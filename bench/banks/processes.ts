import { readdirSync, readFileSync } from 'node:fs';

/** Processor milliseconds so far, by who used them; empty where the system does not tell. */
export type CpuTimes = Readonly<Record<string, number>>;

/** Linux counts in hundredths of a second, whatever the machine. */
const msPerTick = 10;

function statOf(pid: number): { readonly parent: number; readonly ms: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; what follows it is numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return { parent: parent ?? 0, ms: ((user ?? 0) + (system ?? 0)) * msPerTick };
  } catch {
    return null;
  }
}

/** `postgres: orders orders 127.0.0.1(5)` works for orders; `postgres: walwriter` for itself. */
function workOf(pid: number): string {
  const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  const [, name = 'server', database] = /^postgres: (\S+(?: \S+)?)(?: (\S+))?/.exec(title) ?? [];
  const [first = name, second] = name.split(' ');
  return second && !database?.startsWith('process') && second === first
    ? `PostgreSQL: ${first}`
    : 'PostgreSQL: its own processes';
}

/** The bank's process and each process of its PostgreSQL. */
export function cpuTimes(bankPid: number, postmasterPid: number): CpuTimes {
  if (process.platform !== 'linux') return {};
  const times: Record<string, number> = { 'bank (Node)': statOf(bankPid)?.ms ?? 0 };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids.map(Number)) {
    const stat = statOf(pid);
    if (!stat || (stat.parent !== postmasterPid && pid !== postmasterPid)) continue;
    try {
      times[`${workOf(pid)}#${pid}`] = stat.ms;
    } catch {} // it has ended since
  }
  return times;
}

/** What ended in between is missing from it. */
export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  const work: Record<string, number> = {};
  for (const [name, ms] of Object.entries(after)) {
    const [what = name] = name.split('#');
    work[what] = (work[what] ?? 0) + ms - (before[name] ?? 0);
  }
  return Object.fromEntries(Object.entries(work).toSorted(([, a], [, b]) => b - a));
}
