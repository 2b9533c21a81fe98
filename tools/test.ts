import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { generateIfStale } from './generate/stale.ts';
import { root } from './generate/units.ts';

/** `npm test [-- <path>…]`: the last line is `N passed, N failed`, alone, for whoever counts. */
const report = join(root, 'node_modules/.cache/simplebank', `tests-${process.pid}.json`);

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};
type Totals = { readonly passed: number; readonly failed: number; readonly skipped: number };

function runVitest(paths: readonly string[]): Promise<number> {
  const home = dirname(createRequire(import.meta.url).resolve('vitest/package.json'));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [join(home, 'vitest.mjs'), 'run', ...reporters, ...paths];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; it closes the database and then ends.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** A file that broke before its first test counts as one failure. */
function totalsOf(text: string): Totals {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }: Report =
    JSON.parse(text);
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + numTodoTests,
  };
}

function readTotals(): Totals {
  try {
    return totalsOf(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // the run itself broke, and has said why
  } finally {
    rmSync(report, { force: true });
  }
}

async function main(): Promise<void> {
  mkdirSync(dirname(report), { recursive: true });
  await generateIfStale();
  const code = await runVitest(process.argv.slice(2));
  const { passed, failed, skipped } = readTotals();
  const failures = failed === 0 && code !== 0 ? 1 : failed;
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  process.stdout.write(`\n${passed} passed, ${failures} failed${rest}\n`);
  if (failures > 0 || passed === 0) process.exitCode = 1;
}

await main();
