import { count, type Env, readConfig, url } from '@simplebank/chassis/config';
import { calendars } from '@simplebank/kernel/market-hours';
import { z } from 'zod';

const percentMax = 100;
const quoteIntervalMsMin = 100;
const quoteIntervalMsMax = 60_000;

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

const symbols = z
  .string()
  .max(2_000)
  .transform((text) => text.split(',').flatMap((symbol) => symbol.trim() || []))
  .default([]);

const percent = count({ min: 0, max: percentMax }).default(0);

const shapeFor = (env: Env) => ({
  MARKET_DATABASE_URL: url,
  MARKET_CALENDAR: calendarOf(env),
  /** The same seed gives the same prices, fills, rejects, duplicates and delays. */
  MARKET_SEED: z.string().min(1).max(64).default('simplebank'),
  MARKET_QUOTE_INTERVAL_MS: count({ min: quoteIntervalMsMin, max: quoteIntervalMsMax }).default(
    5_000,
  ),
  /** Symbols whose orders the simulated venue rejects, separated by commas. */
  MARKET_REJECT_SYMBOLS: symbols,
  /** How many of 100 orders, chosen by the seed, the simulated venue rejects. */
  MARKET_REJECT_PERCENT: percent,
  /** How many of 100 reports, chosen by the seed, the simulated venue sends twice. */
  MARKET_DUPLICATE_PERCENT: percent,
});

export type Config = ReturnType<typeof loadConfig>;

/** Throws ConfigError with every problem at once. */
export const loadConfig = (env: Env) => readConfig(shapeFor(env), env);
