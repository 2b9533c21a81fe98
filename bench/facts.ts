import { cpus, getPriority, loadavg, totalmem } from 'node:os';

/** What a reader must know of the machine to judge a number. */
export const machineFacts = (): string =>
  [
    `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.version}`,
    `${process.platform} ${process.arch}`,
    `load before the run ${loadavg()[0]?.toFixed(1)}, niceness ${getPriority()}`,
  ].join(', ');

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);

/** The value below which this share of all values lies. */
export const percentile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A table of Markdown whose columns are as wide as the formatter wants them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
