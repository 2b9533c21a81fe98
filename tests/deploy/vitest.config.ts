import { defineConfig } from 'vitest/config';

/** What is shipped; some of these start processes and servers, so one file at a time. */
export default defineConfig({
  test: {
    include: ['tests/deploy/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
