import { Temporal } from 'temporal-polyfill';

/** Statement months are months of the market (domain §1). */
const timeZone = 'America/New_York';
const shape = /^\d{4}-(0[1-9]|1[0-2])$/;

/** True for text such as `2026-10`. */
export const isMonth = (text: string): boolean => shape.test(text);

/** The month in New York at this instant, as `yyyy-mm`; months compare as text. */
export function monthOf(at: Date): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  return local.toPlainDate().toPlainYearMonth().toString();
}

/** The month after this one. Throws RangeError for what is no month. */
export const monthAfter = (month: string): string =>
  Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();

/** Midnight in New York with which a month begins. Throws RangeError for what is no month. */
export function monthStart(month: string): Date {
  const day = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return new Date(day.toZonedDateTime({ timeZone }).epochMilliseconds);
}
