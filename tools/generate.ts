import { generate } from './generate/run.ts';
import { staleUnits, units } from './generate/units.ts';

/**
 * Makes Prisma clients, resolver types and supergraphs.
 * `--if-stale`: only what changed since it was made; names of contexts: only theirs.
 */
const started = performance.now();
const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const candidates = args.includes('--if-stale') ? staleUnits() : units();
const wanted = candidates.filter(({ context }) => names.length === 0 || names.includes(context));

const failures = await generate(wanted);
for (const { unit, message } of failures) {
  process.stderr.write(`generate: ${unit.kind} of ${unit.context} failed\n${message}\n`);
}
if (wanted.length > 0) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `generated ${wanted.length - failures.length} of ${wanted.length} in ${seconds} s\n`,
  );
}
if (failures.length > 0) process.exitCode = 1;
