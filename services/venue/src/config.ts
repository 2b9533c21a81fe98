import {
  count,
  defaultHost,
  type Env,
  host,
  port,
  readConfig,
  url,
} from '@simplebank/chassis/config';
import { calendars } from '@simplebank/kernel/market-hours';
import { z } from 'zod';

const keyCharsMin = 16;
const latencyMsMax = 10_000;

const percent = count({ min: 0, max: 100 }).default(0);
const key = z.string(`expected ${keyCharsMin} characters or more`).min(keyCharsMin).max(256);
const symbols = z
  .string()
  .max(2_000)
  .transform((text) => text.split(',').flatMap((symbol) => symbol.trim() || []))
  .default([]);

/** What the engine reads, alone behind HTTP or inside the process of its only participant. */
const simulatorShape = {
  VENUE_DATABASE_URL: url,
  VENUE_CALENDAR: z.enum(calendars, `expected one of ${calendars.join(', ')}`).default('nyse'),
  /** The same seed gives the same prices, fills, pauses, rejects, halts and duplicates. */
  VENUE_SEED: z.string().min(1).max(64).default('simplebank'),
  /** Symbols whose orders are rejected, separated by commas. */
  VENUE_REJECT_SYMBOLS: symbols,
  /** How many of 100, chosen by the seed: orders that are rejected, */
  VENUE_REJECT_PERCENT: percent,
  /** reports that come twice, */
  VENUE_DUPLICATE_PERCENT: percent,
  /** symbols that are halted for 5 minutes at a time, */
  VENUE_HALT_PERCENT: percent,
  /** orders that find less on the other side than they want, */
  VENUE_THIN_PERCENT: percent,
  /** calls whose answer is lost after they were carried out, */
  VENUE_LOST_ANSWER_PERCENT: percent,
  /** and calls that fail with a 5xx and do nothing. */
  VENUE_ERROR_PERCENT: percent,
  VENUE_LATENCY_MS: count({ min: 0, max: latencyMsMax }).default(0),
};

const shape = {
  ...simulatorShape,
  VENUE_HOST: host.default(defaultHost),
  VENUE_PORT: port.default(0),
  /** Participants show it as a bearer token. */
  VENUE_KEY: key,
  /** Opens /control to whoever shows it; without it there is no such door. */
  VENUE_CONTROL_KEY: key.optional(),
};

export type SimulatorConfig = ReturnType<typeof loadSimulatorConfig>;
export type Config = ReturnType<typeof loadConfig>;

/** Throws ConfigError with every problem at once, as `loadConfig` does. */
export const loadSimulatorConfig = (env: Env) => readConfig(simulatorShape, env);
export const loadConfig = (env: Env) => readConfig(shape, env);
