import { defineConfig } from 'vitest/config';

const testTimeoutMs = 20_000;

export default defineConfig({
  test: {
    include: [
      '{packages,subgraphs,services,gateways}/*/{src,test}/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    testTimeout: testTimeoutMs,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
