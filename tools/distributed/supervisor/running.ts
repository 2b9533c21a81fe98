import { readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../embedded/settings.ts';
import { isAlive } from '../../postgres/lock.ts';

/** What a running distributed bank notes about itself, for commands in a second terminal. */
export type RunningNote = {
  readonly pid: number;
  /** The door of each process. */
  readonly urls: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, readonly string[]>>;
  /** The variables that its processes read: secrets among them, so only its owner may read it. */
  readonly env: Environment;
};

/** Under the data folder that `readSettings` tells. */
export const distributedFolder = (dataDir: string): string => join(dataDir, 'distributed');

const fileOf = (folder: string): string => join(folder, 'running.json');

/** Null when none runs. `dataDir` is that of `readSettings`. */
export function readRunning(dataDir: string): RunningNote | null {
  try {
    const text = readFileSync(fileOf(distributedFolder(dataDir)), 'utf8');
    const note = JSON.parse(text) as RunningNote;
    return isAlive(note.pid) ? note : null;
  } catch {
    return null;
  }
}

/** Notes it, and answers what takes the note away. */
export async function noteRunning(folder: string, note: RunningNote): Promise<() => void> {
  const file = fileOf(folder);
  await writeFile(`${file}.new`, JSON.stringify(note), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}
