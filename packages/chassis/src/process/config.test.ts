import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  count,
  defaultHost,
  type Env,
  host,
  jsonText,
  logLevel,
  port,
  readConfig,
  url,
} from './config.ts';

const shape = {
  ORDERS_PORT: port.default(4002),
  ORDERS_HOST: host.default(defaultHost),
  ORDERS_DATABASE_URL: url,
  LOG_LEVEL: logLevel,
  POOL_MAX: count({ min: 1, max: 50 }).default(10),
  KEYS: jsonText,
  MARKET_CALENDAR: z.enum(['nyse', 'always']).default('nyse'),
};
const good: Env = {
  ORDERS_DATABASE_URL: 'postgresql://orders:secret@db:5432/orders',
  KEYS: '{"keys":[]}',
  LOG_LEVEL: '',
  UNRELATED: 'ignored',
};

const problemsOf = (env: Env): readonly string[] => {
  try {
    readConfig(shape, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

test('what is read is typed, has its defaults and cannot be changed', () => {
  const config = readConfig(shape, { ...good, ORDERS_PORT: '0' });
  expect(config).toEqual({
    ORDERS_PORT: 0,
    ORDERS_HOST: '127.0.0.1',
    ORDERS_DATABASE_URL: 'postgresql://orders:secret@db:5432/orders',
    LOG_LEVEL: 'INFO',
    POOL_MAX: 10,
    KEYS: '{"keys":[]}',
    MARKET_CALENDAR: 'nyse',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('every problem is told at once, by name and expected form', () => {
  expect(
    problemsOf({ ORDERS_PORT: '70000', LOG_LEVEL: 'LOUD', KEYS: '[1]', POOL_MAX: '0' }),
  ).toEqual([
    'ORDERS_PORT: expected a port, 0 to 65535',
    'ORDERS_DATABASE_URL: is not set (expected an absolute URL)',
    'LOG_LEVEL: expected one of ERROR, WARN, INFO, DEBUG',
    'POOL_MAX: expected a whole number, 1 to 50',
    'KEYS: expected a JSON object',
  ]);
});

test('no value is repeated in a message', () => {
  const secret = 'hunter2-hunter2';
  const spoiled = Object.fromEntries(Object.keys(shape).map((name) => [name, secret]));
  const told = problemsOf({ ...spoiled, ORDERS_HOST: `${secret}`.repeat(30) }).join('\n');
  expect(told).toContain('MARKET_CALENDAR');
  expect(told).not.toContain(secret);
});
