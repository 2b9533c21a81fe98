import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { clearServer } from '../postgres/clear.ts';

const ownFiles = [
  ...['keys.json', 'keys.json.new', 'demo-loaded'],
  ...['token-keys.json', 'token-keys.json.new'],
  ...['history-begun', 'history-untold.json'],
  ...['bank.log', 'bank.log.1'],
];

/**
 * Removes what the embedded bank put into its data folder and nothing else: the folder may be one
 * that a person named by mistake. Throws StartProblem when a bank runs on it.
 */
export async function clearData(dataDir: string): Promise<string> {
  await clearServer(join(dataDir, 'postgres'));
  await Promise.all(ownFiles.map((name) => rm(join(dataDir, name), { force: true })));
  const left = await readdir(dataDir);
  if (left.length > 0) return `Cleared. Other files in ${dataDir} were left alone.`;
  await rmdir(dataDir);
  return `Cleared ${dataDir}.`;
}
