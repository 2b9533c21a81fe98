import { generate } from './generate/run.ts';
import { inTurn } from './generate/turn.ts';
import { staleUnits, units } from './generate/units.ts';

/**
 * Makes Prisma clients, resolver types and supergraphs.
 * `--if-stale`: only what changed since it was made; names of contexts: only theirs.
 */
const started = performance.now();
const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const candidates = () => (args.includes('--if-stale') ? staleUnits() : units());
const choose = () =>
  candidates().filter(({ context }) => names.length === 0 || names.includes(context));

async function main(): Promise<void> {
  if (choose().length === 0) return;
  const wanted = await inTurn(async () => {
    const chosen = choose();
    const failures = await generate(chosen);
    for (const { unit, message } of failures) {
      process.stderr.write(`generate: ${unit.kind} of ${unit.context} failed\n${message}\n`);
    }
    if (failures.length > 0) process.exitCode = 1;
    return { made: chosen.length - failures.length, all: chosen.length };
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`generated ${wanted.made} of ${wanted.all} in ${seconds} s\n`);
}

await main();
