import { readdirSync, readFileSync } from 'node:fs';

/** Measured together: programs by name and process id, and a PostgreSQL with its children. */
export type ProcessSet = {
  readonly programs: Readonly<Record<string, number>>;
  readonly postmasterPid: number;
};

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

const everyPid = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Each program, and each process of the PostgreSQL, whose children come and go. */
export function cpuTimes({ programs, postmasterPid }: ProcessSet): CpuTimes {
  if (process.platform !== 'linux') return {};
  const times: Record<string, number> = {};
  for (const [name, pid] of Object.entries(programs)) times[name] = statOf(pid)?.ms ?? 0;
  for (const pid of everyPid()) {
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

export type Memory = {
  readonly processes: number;
  readonly residentMb: number;
  /** What is shared is divided among its sharers; null where the system does not tell. */
  readonly proportionalMb: number | null;
};

const kbPerMb = 1_024;
const kbOf = (path: string, name: string): number | null => {
  try {
    const [, kb] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'utf8')) ?? [];
    return kb === undefined ? null : Number(kb);
  } catch {
    return null;
  }
};

function memoryOf(pids: readonly number[]): Memory {
  const sum = (values: readonly (number | null)[]) =>
    values.reduce<number>((total, kb) => total + (kb ?? 0), 0) / kbPerMb;
  const shares = pids.map((pid) => kbOf(`/proc/${pid}/smaps_rollup`, 'Pss'));
  return {
    processes: pids.length,
    residentMb: sum(pids.map((pid) => kbOf(`/proc/${pid}/status`, 'VmRSS'))),
    proportionalMb: shares.every((kb) => kb === null) ? null : sum(shares),
  };
}

/** Memory of the programs of the bank, and of its PostgreSQL, which shares most of its own. */
export function memory(set: ProcessSet): { readonly programs: Memory; readonly postgres: Memory } {
  if (process.platform !== 'linux') {
    const unknown = { processes: 0, residentMb: 0, proportionalMb: null };
    return { programs: unknown, postgres: unknown };
  }
  const { postmasterPid } = set;
  const served = everyPid().filter(
    (pid) => pid === postmasterPid || statOf(pid)?.parent === postmasterPid,
  );
  return { programs: memoryOf(Object.values(set.programs)), postgres: memoryOf(served) };
}
