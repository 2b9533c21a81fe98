import { defineConfig, mergeConfig } from 'vitest/config';
import { oneGraphql } from '../../vitest.config.ts';

/** The acceptance tests against one bank of many processes; one at a time, since some stop it. */
export default mergeConfig(
  oneGraphql,
  defineConfig({
    test: {
      include: ['tests/e2e/**/*.test.ts'],
      // They look into the process that they run in: its spans and its figures.
      exclude: ['tests/e2e/{one-trace,nine-timers,redaction}.test.ts'],
      globalSetup: ['tests/distributed/fleet-setup.ts'],
      env: { BANK: 'distributed' },
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 30_000 } },
    },
  }),
);
