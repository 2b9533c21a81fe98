import { readFileSync } from 'node:fs';

/** What the README's licence notes name. Another licence in the tree needs a decision first. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'EPL-2.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'W3C-20150513',
  'Zlib',
]);

/** Source-available, accepted for these alone: see the licence notes of the README. */
const elastic = new Set([
  '@apollo/composition',
  '@apollo/federation-internals',
  '@apollo/gateway',
  '@apollo/query-graphs',
  '@apollo/query-planner',
]);

/** Its manifest is silent; its licence file says MIT. */
const silent: Readonly<Record<string, string>> = { 'seq-queue': 'MIT' };

type Entry = { readonly license?: string; readonly link?: boolean };

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 13);

/** `MIT OR GPL-2.0` is fine when one choice is; `(MIT AND ISC)` when all are. */
const isAccepted = (licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(/ and /i).every((part) => accepted.has(part.trim())));

/** The lockfile lacks the licence of a package whose manifest says it the old way. */
function licenceOf(path: string, { license }: Entry): string {
  if (license) return license;
  try {
    const manifest = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
    return manifest.license?.type ?? manifest.licenses?.[0]?.type ?? manifest.license ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Entry>;
};
const refused = Object.entries(lock.packages)
  .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.link)
  .map(([path, entry]) => ({ path, entry, name: nameOf(path) }))
  .map(({ path, entry, name }) => ({ name, licence: silent[name] ?? licenceOf(path, entry) }))
  .filter(({ name, licence }) =>
    licence === 'Elastic-2.0' ? !elastic.has(name) : !isAccepted(licence),
  );

for (const { name, licence } of refused) console.error(`${name}: licence ${licence} is not named`);
process.exitCode = refused.length === 0 ? 0 : 1;
