/** The answer to whoever asks about a year that the calendar is not written for. */
export const calendarUnknown = {
  __typename: 'CalendarUnknown',
  code: 'CALENDAR_UNKNOWN',
  message: 'The trading calendar knows 1998 to 2028.',
} as const;
