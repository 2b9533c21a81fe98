import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('docs/failures.md', root), 'utf8');
const named = [...document.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path]) => path ?? '');

test('every test that the page of failures names is there', () => {
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test('every failure test has its line on the page', () => {
  const files = readdirSync(new URL('tests/failure/', root)).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const untold = files
    .map((name) => `tests/failure/${name}`)
    .filter((path) => !named.includes(path));
  expect(untold, 'add a row to docs/failures.md').toEqual([]);
});
