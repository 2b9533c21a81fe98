import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDocuments } from './documents/events.ts';

/** Documents made from code and committed, because their difference is what a reviewer reads. */
const folder = 'docs/events';
const write = process.argv.includes('--write');

const wanted = eventDocuments();
mkdirSync(folder, { recursive: true });
const present = new Set(readdirSync(folder));

const differs = [...wanted].filter(([name, text]) => {
  return !present.has(name) || readFileSync(join(folder, name), 'utf8') !== text;
});
const stray = [...present].filter((name) => !wanted.has(name));

if (write) {
  for (const [name, text] of differs) writeFileSync(join(folder, name), text);
  for (const name of stray) rmSync(join(folder, name));
} else {
  for (const [name] of differs) console.error(`${folder}/${name} is stale`);
  for (const name of stray) console.error(`${folder}/${name} describes nothing`);
  if (differs.length + stray.length > 0) {
    console.error('Write the documents again: npm run documents');
    process.exitCode = 1;
  }
}
