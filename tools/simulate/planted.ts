import { spawn } from 'node:child_process';
import { root } from '../generate/units.ts';
import { plantOf } from './plants.ts';

/** The same command again in a process in which the bug is planted. */
export async function simulatePlanted(name: string): Promise<number> {
  const { file, find, replace } = plantOf(name);
  const given = process.argv.slice(2);
  const at = given.findIndex((text) => text === '--plant' || text.startsWith('--plant='));
  const rest = given.toSpliced(at, given[at] === '--plant' ? 2 : 1);
  const loaders = ['--import', './tools/simulate/planting.mjs', '--import', 'tsx'];
  const child = spawn(process.execPath, [...loaders, 'tools/simulate.ts', ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SIMULATION_PLANT: JSON.stringify({ file, find, replace }) },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
