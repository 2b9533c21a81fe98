import { count, type Env, jsonText, readConfig, url } from '@simplebank/chassis/config';
import { calendars } from '@simplebank/kernel/market-hours';
import { loadSimulatorConfig } from '@simplebank/venue/config';
import { z } from 'zod';

const quoteIntervalMsMin = 100;
const quoteIntervalMsMax = 60_000;
const keyCharsMin = 16;

/** Trading around the clock is for demonstrations: production must say twice that it wants it. */
const calendarOf = (env: Env) =>
  z
    .enum(calendars, `expected one of ${calendars.join(', ')}`)
    .refine(
      (calendar) =>
        calendar !== 'always' ||
        env['NODE_ENV'] !== 'production' ||
        env['MARKET_ALWAYS_CONFIRMED'] === 'yes',
      'always is refused when NODE_ENV=production, unless MARKET_ALWAYS_CONFIRMED=yes',
    )
    .default('nyse');

const key = z.string(`expected ${keyCharsMin} characters or more`).min(keyCharsMin).max(256);

const shapeFor = (env: Env) => ({
  MARKET_DATABASE_URL: url,
  MARKET_CALENDAR: calendarOf(env),
  MARKET_QUOTE_INTERVAL_MS: count({ min: quoteIntervalMsMin, max: quoteIntervalMsMax }).default(
    5_000,
  ),
  /** Where the venue answers; not set: the simulated venue runs in this process. */
  MARKET_VENUE_URL: url.optional(),
  /** The bank's key at that venue. */
  MARKET_VENUE_KEY: env['MARKET_VENUE_URL'] ? key : key.optional(),
  /** Where a second source of quotes answers; not set: the tape of the venue in this process. */
  MARKET_QUOTES_URL: url.optional(),
  /** The bank's key at that source. */
  MARKET_QUOTES_KEY: env['MARKET_QUOTES_URL'] ? key : key.optional(),
  /** Whose assertions open `/events` on the operations port; not set: it stays closed. */
  ASSERTION_PUBLIC_KEYS: jsonText.optional(),
});

export type Config = ReturnType<typeof loadConfig>;

/**
 * Throws ConfigError with every problem at once. `simulator` is what the venue in this process
 * reads, null when the venue is elsewhere; it trades by the market's calendar.
 */
export function loadConfig(env: Env) {
  const own = readConfig(shapeFor(env), env);
  const { MARKET_CALENDAR: calendar, MARKET_VENUE_URL: elsewhere } = own;
  const simulator = elsewhere ? null : loadSimulatorConfig({ ...env, VENUE_CALENDAR: calendar });
  return Object.freeze({ ...own, simulator });
}
