import { median, percentile, table } from '../facts.ts';
import { type ModeRuns, type Run, type Timed, timed } from './run.ts';

const names: Readonly<Record<Timed, string>> = {
  quote: 'quote read',
  portfolio: 'portfolio read',
  place: 'order, until it is accepted',
  filled: 'order, until it is filled',
};

/** A line of the table: what it is, how it is read from a run, and how it is written. */
type Line = {
  readonly what: string;
  readonly of: (run: Run) => number | null;
  readonly digits?: number;
};

const latencyLines: readonly Line[] = timed.flatMap((what) =>
  [0.5, 0.95, 0.99].map((share) => ({
    what: `${names[what]}, p${share * 100} ms`,
    of: ({ ms }: Run) => percentile(ms[what], share),
  })),
);

const lines: readonly Line[] = [
  ...latencyLines,
  { what: 'requests per second, flat out', of: ({ perSecond }) => perSecond },
  { what: 'CPU ms per request, flat out', of: ({ cpuMsEach }) => cpuMsEach, digits: 1 },
  { what: 'cores used, flat out', of: ({ flatOutCores }) => flatOutCores, digits: 2 },
  { what: 'processes of the bank', of: ({ atRest }) => atRest.programs.processes },
  { what: 'processes of PostgreSQL', of: ({ atRest }) => atRest.postgres.processes },
  { what: 'bank at rest, RSS MB', of: ({ atRest }) => atRest.programs.residentMb },
  { what: 'bank at rest, PSS MB', of: ({ atRest }) => atRest.programs.proportionalMb },
  { what: 'bank after load, RSS MB', of: ({ afterLoad }) => afterLoad.programs.residentMb },
  { what: 'bank after load, PSS MB', of: ({ afterLoad }) => afterLoad.programs.proportionalMb },
  {
    what: 'PostgreSQL after load, PSS MB',
    of: ({ afterLoad }) => afterLoad.postgres.proportionalMb,
  },
  { what: 'start until ready, ms', of: ({ readyMs }) => readyMs },
  { what: 'first request after it, ms', of: ({ firstRequestMs }) => firstRequestMs },
];

const medianOf = ({ runs }: ModeRuns, { of }: Line): number | null => {
  const values = runs.map(of).filter((value) => value !== null);
  return values.length === 0 ? null : median(values);
};

/** Medians of the runs side by side; the premium is the second against the first. */
export function premiumTable(modes: readonly ModeRuns[]): string {
  const rows = lines.map((line) => {
    const values = modes.map((mode) => medianOf(mode, line));
    const [first = null, second = null] = values;
    const written = values.map((value) => value?.toFixed(line.digits ?? 0) ?? 'not told');
    const factor = first && second !== null ? `${(second / first).toFixed(2)}x` : '–';
    return [line.what, ...written, ...(modes.length > 1 ? [factor] : [])];
  });
  const head = ['', ...modes.map(({ mode }) => mode), ...(modes.length > 1 ? ['premium'] : [])];
  return table([head, ...rows]);
}
