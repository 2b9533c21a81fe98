const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The local date of the market at this instant, `yyyy-mm-dd`; any day of the week. */
export const localDateOf = (at: Date): string => newYork.format(at);
