import { parseArgs } from 'node:util';
import { type Decision, judgeCanary } from './deploy/canary.ts';
import { seenBy } from './deploy/canary-metrics.ts';
import { descriptions } from './services/descriptions.ts';

const usage = 'npm run -s deploy:canary -- <process> [--minutes 10]   (PROMETHEUS_URL says where)';
const exitCodes: Readonly<Record<Decision, number>> = { promote: 0, 'roll back': 1, hold: 2 };
const couldNotJudge = 3;

/** Exit code 0: promote, 1: roll back, 2: hold, 3: it could not judge. */
async function main(): Promise<number> {
  const options = { minutes: { type: 'string', default: '10' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const name = positionals[0];
  const url = process.env['PROMETHEUS_URL'];
  const described = descriptions().find((each) => each.name === name);
  const minutes = Number(values.minutes);
  if (!name || !url || !described || !Number.isInteger(minutes) || minutes < 1) {
    console.error(usage);
    return couldNotJudge;
  }
  const [canary, stable] = await Promise.all([
    seenBy(url, { name, track: 'canary', minutes }),
    seenBy(url, { name, track: 'stable', minutes }),
  ]);
  const { decision, reason } = judgeCanary(canary, stable, described.objective.underMs);
  console.log(`${name}: ${decision} (${reason})`);
  return exitCodes[decision];
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return couldNotJudge;
});
