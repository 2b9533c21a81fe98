import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** The server of this test run: by environment, else the one that the test setup started. */
export const postgresUrl = (): string =>
  process.env['TEST_POSTGRES_URL'] ??
  inject('postgresUrl') ??
  'postgresql://postgres@127.0.0.1:5432/postgres';

export const redisUrl = (): string | undefined => process.env['REDIS_URL'];
