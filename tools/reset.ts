import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { clearData } from './embedded/reset.ts';
import { readSettings, StartRefused } from './embedded/settings.ts';
import { StartProblem } from './postgres/problem.ts';

/** Clears the data of the embedded bank after asking; `--yes` answers for scripts. */
async function main(): Promise<number> {
  const { dataDir } = readSettings(process.env);
  if (!existsSync(dataDir)) {
    console.log(`There is nothing to clear: ${dataDir} does not exist.`);
    return 0;
  }
  if (!process.argv.includes('--yes')) {
    if (!process.stdin.isTTY) {
      console.error(
        'npm run reset asks before it clears; without a terminal say npm run reset -- --yes',
      );
      return 1;
    }
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await terminal.question(
      `Delete every account and order in ${dataDir}? (yes/no) `,
    );
    terminal.close();
    if (answer.trim().toLowerCase() !== 'yes') {
      console.log('Nothing was deleted.');
      return 1;
    }
  }
  console.log(await clearData(dataDir));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StartRefused || error instanceof StartProblem)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
