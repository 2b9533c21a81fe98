const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The local date of the market at this instant, `yyyy-mm-dd`; any day of the week. */
export const localDateOf = (at: Date): string => newYork.format(at);

/** A date column as text: PostgreSQL's days come as midnight in UTC. */
export const dateText = (day: Date): string => day.toISOString().slice(0, 'yyyy-mm-dd'.length);

/** The same the other way. */
export const dateOf = (text: string): Date => new Date(`${text}T00:00:00.000Z`);
