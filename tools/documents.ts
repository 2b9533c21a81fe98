import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDocuments } from './documents/events.ts';
import { openApiDocuments } from './documents/openapi.ts';
import { servicePages } from './services/documents.ts';

/** Documents made from code and committed, because their difference is what a reviewer reads. */
const folders: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'docs/events': eventDocuments(),
  'docs/openapi': openApiDocuments(),
};
/** Single pages beside others that are written by hand, by their path from the root. */
const pages: ReadonlyMap<string, string> = await servicePages();
const write = process.argv.includes('--write');

/** Says what is stale or stray in a folder, or puts it right; false when something was wrong. */
function keep(folder: string, wanted: ReadonlyMap<string, string>): boolean {
  mkdirSync(folder, { recursive: true });
  // A folder in it, such as that of the released ones, has keepers of its own.
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const present = new Set(files.map(({ name }) => name));
  const differs = [...wanted].filter(([name, text]) => {
    return !present.has(name) || readFileSync(join(folder, name), 'utf8') !== text;
  });
  const stray = [...present].filter((name) => !wanted.has(name));
  if (write) {
    for (const [name, text] of differs) writeFileSync(join(folder, name), text);
    for (const name of stray) rmSync(join(folder, name));
    return true;
  }
  for (const [name] of differs) console.error(`${folder}/${name} is stale`);
  for (const name of stray) console.error(`${folder}/${name} describes nothing`);
  return differs.length + stray.length === 0;
}

/** The same for one page. */
function keepPage(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return true;
  if (write) writeFileSync(path, text);
  else console.error(`${path} is stale`);
  return write;
}

const fresh = [
  ...Object.entries(folders).map(([folder, wanted]) => keep(folder, wanted)),
  ...[...pages].map(([path, text]) => keepPage(path, text)),
];
if (!fresh.every(Boolean)) {
  console.error('Write the documents again: npm run documents');
  process.exitCode = 1;
}
