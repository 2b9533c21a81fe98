import { places, problemsOfContracts, release } from './check/contracts.ts';

/**
 * Holds the public schemas against those that were released last.
 * `--release`: the present ones are what is released from now on.
 */
async function main(): Promise<void> {
  if (process.argv.includes('--release')) return release(places);
  const problems = await problemsOfContracts(places);
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  console.error('CONTRIBUTING.md tells how a breaking change is accepted.');
  process.exitCode = 1;
}

await main();
