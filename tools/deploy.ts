import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deployFiles } from './deploy/files.ts';
import { root } from './generate/units.ts';

const read = (path: string): string | null => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
};

/**
 * `npm run deploy:files` writes what of `deploy/` follows from the code; without `--write` it says
 * what is stale and ends with 1.
 */
function main(write: boolean): void {
  const stale = [...deployFiles()].filter(([path, text]) => read(path) !== text);
  for (const [path, text] of stale) {
    console.log(`${write ? 'wrote' : 'is stale: npm run deploy:files'} ${path}`);
    if (!write) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  if (!write && stale.length > 0) process.exitCode = 1;
}

main(process.argv.includes('--write'));
