import { defineConfig, mergeConfig } from 'vitest/config';
import { oneGraphql } from '../../vitest.config.ts';

const acceptance = ['main-job', 'idempotency', 'read-your-writes', 'sessions'];

/**
 * What only several instances can show, and those acceptance tests whose promise depends on which
 * instance answers, against two of everything.
 */
export default mergeConfig(
  oneGraphql,
  defineConfig({
    test: {
      include: [`tests/e2e/{${acceptance}}.test.ts`, 'tests/scale/**/*.test.ts'],
      globalSetup: ['tests/scale/fleet-setup.ts'],
      env: { BANK: 'distributed' },
      fileParallelism: false,
      testTimeout: 300_000,
      hookTimeout: 600_000,
      expect: { poll: { timeout: 30_000 } },
    },
  }),
);
