import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './tests/support/long-first.ts';

const testTimeoutMs = 60_000;

/**
 * Node gives everyone the CommonJS build; Vite would give our files the other one, and two copies
 * of graphql do not know each other's errors and types.
 */
export const oneGraphql = {
  resolve: {
    alias: [
      {
        find: /^graphql$/,
        replacement: fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url)),
      },
    ],
  },
};

export default defineConfig({
  ...oneGraphql,
  test: {
    include: [
      '{packages,subgraphs,services,gateways}/*/{src,test}/**/*.test.ts',
      'tools/**/*.test.ts',
      'bench/**/*.test.ts',
      'tests/{support,supergraph,events,conformance,laws,ops,e2e,embedded,simulation}/**/*.test.ts',
    ],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: 180_000,
    // What comes by event comes when it comes: a busy machine is no failure.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    // Files of one worker share what they import: loading it anew took two fifths of the run.
    isolate: false,
    restoreMocks: true,
    sequence: { sequencer: LongFirst },
  },
});
