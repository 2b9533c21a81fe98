import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersElsewhere } from '../postgres/server.ts';

export async function clearData(dataDir: string): Promise<string> {
  return dataDir;
}
