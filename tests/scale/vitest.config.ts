import { defineConfig, mergeConfig } from 'vitest/config';
import { oneGraphql } from '../../vitest.config.ts';

/** The acceptance tests, and what only several instances can show, against two of everything. */
export default mergeConfig(
  oneGraphql,
  defineConfig({
    test: {
      include: ['tests/{e2e,scale}/**/*.test.ts'],
      // They look into the process that they run in: its spans and its figures.
      exclude: ['tests/e2e/{one-trace,nine-timers,redaction}.test.ts'],
      globalSetup: ['tests/scale/fleet-setup.ts'],
      env: { BANK: 'distributed' },
      fileParallelism: false,
      testTimeout: 300_000,
      hookTimeout: 600_000,
      expect: { poll: { timeout: 30_000 } },
    },
  }),
);
