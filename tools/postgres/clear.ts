import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from './binaries.ts';
import { foldersElsewhere, openFolder } from './folder.ts';
import { takeLock } from './lock.ts';
import { readPostmaster, stopServer } from './running.ts';

/**
 * Removes a server's data, wherever it was put, ending a server that outlived its bank first.
 * @throws StartProblem when a bank runs on it
 */
export async function clearServer(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const folder = openFolder(dataDir, () => undefined);
  const unlock = takeLock(join(folder.home, 'lock'), folder.home);
  try {
    if (readPostmaster(folder)) {
      await stopServer(folder, findBinaries(folder.identity, folder.reserve));
    }
    for (const place of foldersElsewhere(folder.home)) {
      rmSync(place, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
  rmSync(folder.home, { recursive: true, force: true });
}
