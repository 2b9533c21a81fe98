import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { judgeCanary } from './deploy/canary.ts';
import { seenBy } from './deploy/canary-metrics.ts';
import {
  environments,
  type Kubectl,
  type Release,
  removeCanary,
  rollOut,
  runCanary,
  undo,
} from './deploy/rollout.ts';
import { shippedOf } from './deploy/shipped.ts';
import { root } from './generate/units.ts';
import { descriptions } from './services/descriptions.ts';

const usage = `npm run -s deploy:rollout -- <what> <process> <version>
  staging | production   migrations, then the process; waits, and goes back when it does not come up
  canary                 one pod in production until it is promoted (PROMETHEUS_URL)
  no-canary              takes the canary away
npm run -s deploy:rollout -- undo <staging | production> <process>`;

const looksMax = 30;
const lookEveryMs = 60_000;
const minutesSeen = 10;
const outputBytesMax = 16 * 1024 * 1024;

const kubectl: Kubectl = (args, input) =>
  new Promise((resolve, reject) => {
    const options = { cwd: root, maxBuffer: outputBytesMax };
    const child = execFile('kubectl', [...args], options, (error, stdout, stderr) =>
      error ? reject(new Error(stderr.trim() || error.message, { cause: error })) : resolve(stdout),
    );
    child.stdin?.end(input ?? '');
  });

async function judge(name: string) {
  const url = process.env['PROMETHEUS_URL'];
  const described = descriptions().find((each) => each.name === name);
  if (!url || !described) throw new Error('a canary needs PROMETHEUS_URL and a service.yml');
  const asked = { name, minutes: minutesSeen };
  const [canary, stable] = await Promise.all([
    seenBy(url, { ...asked, track: 'canary' }),
    seenBy(url, { ...asked, track: 'stable' }),
  ]);
  return judgeCanary(canary, stable, described.objective.underMs);
}

const environmentOf = (word: string | undefined) => environments.find((each) => each === word);

async function main([what, second, third]: readonly string[]): Promise<void> {
  const isUndo = what === 'undo';
  const [name, version] = isUndo ? [third, 'before'] : [second, third];
  const environment = environmentOf(isUndo ? second : what);
  if (!name || !version) throw new Error(usage);
  const release: Release = { kubectl, name: shippedOf(name).name, version, say: console.log };
  if (isUndo && environment) return undo(release, environment);
  if (environment) return rollOut(release, environment);
  if (what === 'no-canary') return removeCanary(release);
  if (what !== 'canary') throw new Error(usage);
  return runCanary(release, {
    judge: () => judge(name),
    pause: () => pause(lookEveryMs),
    looksMax,
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
