import { join } from 'node:path';
import { places, problemsOfContracts, release } from './check/contracts.ts';
import { problemsOfEvents, releaseEvents } from './check/events.ts';
import { root } from './generate/units.ts';

const eventPlaces = {
  present: join(root, 'docs/events'),
  released: join(root, 'docs/events/released'),
};

/**
 * Holds the public schemas and the events against those that were released last.
 * `--release`: the present ones are what is released from now on.
 */
async function main(): Promise<void> {
  if (process.argv.includes('--release')) {
    releaseEvents(eventPlaces);
    return release(places);
  }
  const problems = [...(await problemsOfContracts(places)), ...problemsOfEvents(eventPlaces)];
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  console.error('CONTRIBUTING.md tells how a breaking change is accepted.');
  process.exitCode = 1;
}

await main();
