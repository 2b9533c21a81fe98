import { defineConfig } from 'vitest/config';

/**
 * One at a time: each of these suites kills, hangs or floods the machine that it runs on. Their
 * servers get as long to start as the embedded bank: on a loaded machine they need it.
 */
export default defineConfig({
  test: {
    include: ['tests/failure/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 400_000,
    hookTimeout: 120_000,
  },
});
