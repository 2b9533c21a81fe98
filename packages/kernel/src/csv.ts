/** Text that a spreadsheet would take for a formula; a plain number is none, whatever its sign. */
const formula = /^[=+\-@\t\r]/;
const plainNumber = /^-?\d+(\.\d+)?$/;
const needsQuotes = /[",\r\n]/;

/**
 * Comma-separated values by RFC 4180: fields are quoted where they must be, lines end with CR LF,
 * null is an empty field. Text that begins like a formula gets an apostrophe, so that it stays text
 * in whatever program opens it. The same rows give the same bytes.
 */
export const csvOf = (rows: readonly (readonly (string | null)[])[]): string =>
  rows.map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('');

function fieldOf(value: string | null): string {
  if (value === null) return '';
  const safe = formula.test(value) && !plainNumber.test(value) ? `'${value}` : value;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
