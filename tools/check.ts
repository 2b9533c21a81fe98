import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIfStale } from './generate/stale.ts';
import { root } from './generate/units.ts';

/** The script behind a package's command, so that no shell or npx stands between. */
function command(packageName: string, name = packageName): string {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const script: unknown = typeof bin === 'string' ? bin : bin[name];
  if (typeof script !== 'string') throw new Error(`${packageName} has no command ${name}`);
  return join(folder, script);
}

type Step = { readonly name: string; readonly args: readonly string[] };

const code = 'packages subgraphs services gateways tests bench tools'.split(' ');
const ours = (script: string) => ['--import', 'tsx', script];

/** Each step stands alone; two lanes, since the machines are small and types take longest. */
const lanes: readonly (readonly Step[])[] = [
  [{ name: 'types', args: [command('typescript', 'tsc'), '-b'] }],
  [
    {
      name: 'lint and format',
      args: [command('@biomejs/biome', 'biome'), 'ci', '--colors=off', '.'],
    },
    { name: 'package walls', args: [command('turbo'), 'boundaries'] },
    {
      name: 'import rules',
      args: [command('dependency-cruiser', 'depcruise'), '--output-type', 'err', ...code],
    },
    { name: 'dead code', args: [command('knip')] },
    { name: 'documents', args: ours('tools/documents.ts') },
    { name: 'contracts', args: ours('tools/contracts.ts') },
    { name: 'house rules', args: ours('tools/house.ts') },
    { name: 'licences', args: ours('tools/check/licences.ts') },
  ],
];

function run({ name, args }: Step): Promise<boolean> {
  const started = Date.now();
  return new Promise((resolve) => {
    const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', FORCE_COLOR: '0' };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('close', (status) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (status !== 0) console.log(Buffer.concat(output).toString().trimEnd());
      resolve(status === 0);
    });
  });
}

async function runLane(steps: readonly Step[]): Promise<boolean> {
  let passed = true;
  for (const step of steps) passed = (await run(step)) && passed;
  return passed;
}

await generateIfStale();
const passed = await Promise.all(lanes.map(runLane));
process.exitCode = passed.every(Boolean) ? 0 : 1;
