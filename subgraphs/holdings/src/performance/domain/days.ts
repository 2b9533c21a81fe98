const dayMs = 86_400_000;

const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The date in New York at this instant: cash and closes are dated by it (domain §1). */
export const newYorkDay = (at: Date): string => newYork.format(at);

/** Dates as `yyyy-mm-dd`, which compare as text. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** Calendar days from the first to the second, 0 for the same. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

/** The same day so many months earlier, the last of a month that is shorter. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, ofMonth = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(ofMonth, last));
  return new Date(at).toISOString().slice(0, 10);
}
