const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The date in New York, which settlement dates are compared with (domain §1). */
export const settlementDayOf = (at: Date): string => newYork.format(at);
