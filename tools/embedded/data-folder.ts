import { access, constants, stat } from 'node:fs/promises';
import { makeFolder } from '../postgres/folder.ts';
import { StartRefused } from './settings.ts';

const remedy =
  'choose another with SIMPLEBANK_DATA_DIR=<folder>, or give this user the right to it';

/** Makes the data folder, or throws StartRefused that says why it cannot be used and what to do. */
export async function requireDataFolder(dataDir: string): Promise<void> {
  try {
    makeFolder(dataDir);
    if (!(await stat(dataDir)).isDirectory()) {
      throw new StartRefused(`The data folder ${dataDir} is a file: ${remedy}.`);
    }
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const cause =
      code === 'ENOSPC'
        ? 'cannot be made: the disk is full'
        : code === 'EROFS'
          ? 'cannot be used: the disk is read-only'
          : `cannot be used (${code})`;
    throw new StartRefused(`The data folder ${dataDir} ${cause}: ${remedy}.`);
  }
}
