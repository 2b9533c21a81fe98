import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * One at a time: each of these suites kills, hangs or floods the machine that it runs on. Their
 * servers get as long to start as the embedded bank: on a loaded machine they need it.
 */
export default defineConfig({
  resolve: {
    // As in the other configuration: everyone has the CommonJS build of graphql.
    alias: [
      {
        find: /^graphql$/,
        replacement: fileURLToPath(new URL('../../node_modules/graphql/index.js', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['tests/failure/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 400_000,
    hookTimeout: 300_000,
  },
});
