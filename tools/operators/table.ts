export type TableRow = readonly string[];

/** Columns as wide as their widest text; the first row is the head. */
export function table(rows: readonly TableRow[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: TableRow) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** Such as `12 s`, `4 min`, `31 h`. */
export function age(ms: number): string {
  if (ms < 2 * minuteMs) return `${Math.round(ms / 1000)} s`;
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} min`;
  return `${Math.round(ms / hourMs)} h`;
}
