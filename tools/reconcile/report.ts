import type { Finding } from './finding.ts';
import type { Report, UnderWay } from './reconcile.ts';
import type { InFlight } from './settle.ts';

const columns = ['law', 'account', 'where', 'subject', 'expected', 'actual'] as const;
type Row = readonly string[];

const rowOf = ({ law, accountId, context, subject, expected, actual }: Finding): Row => [
  ...[law, accountId ?? '–', context, subject, expected, actual],
];

function table(rows: readonly Row[]): string[] {
  const all = [[...columns], ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...all.map((row) => (row[index] ?? '').length)),
  );
  return all.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const wayLine = ({ context, state, count, oldestMs }: UnderWay): string =>
  `  ${context}: ${count} events ${state}, the oldest for ${seconds(oldestMs)}`;

function flightLine({ finding, ageMs }: InFlight): string {
  const age = ageMs === null ? 'settled meanwhile' : `its event is ${seconds(ageMs)} old`;
  return `  ${finding.law}: ${finding.subject} (${finding.context}), ${age}`;
}

const linesMax = 20;
const some = (lines: readonly string[]): readonly string[] =>
  lines.length <= linesMax
    ? lines
    : [...lines.slice(0, linesMax), `  and ${lines.length - linesMax} more`];

/** For a person: what was compared, what drifted, and what is only on its way. */
export function tellPeople(report: Report): string {
  const { drift, inFlight, underWay, checked, truncated } = report;
  const { orders, accounts, assets } = checked;
  const lines = [`Compared ${orders} orders, ${accounts} accounts and ${assets} assets.`];
  if (underWay.length > 0) lines.push('Events under way:', ...underWay.map(wayLine));
  if (inFlight.length > 0) {
    lines.push(`In flight, no drift: ${inFlight.length}`, ...some(inFlight.map(flightLine)));
  }
  if (drift.length > 0) lines.push('', ...table(drift.map(rowOf)), '');
  lines.push(`Drift: ${drift.length}${truncated ? ' or more' : ''}`);
  return lines.join('\n');
}

/** For a program: the same in one JSON line. */
export const tellPrograms = (report: Report): string => {
  const plain = ({ look: _, explanation: __, ...finding }: Finding) => finding;
  return JSON.stringify({
    ...report,
    drift: report.drift.map(plain),
    inFlight: report.inFlight.map(({ finding, ageMs }) => ({ ...plain(finding), ageMs })),
  });
};
