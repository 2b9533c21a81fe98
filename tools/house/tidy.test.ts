import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const fileLinesMax = 300;
const functionLinesMax = 40;
const lineCharsMax = 100;
const parametersMax = 3;
const drawers = /^(utils?|common|misc|types|helpers?|service|manager)\.ts$/;
const kebab = /^[a-z0-9]+([.-][a-z0-9]+)*\.ts$/;
const graphqlName = /^[A-Za-z][A-Za-z0-9]*\.ts$/;
const unfinished = /\b(TODO|FIXME|HACK)\b/;
const sleepingTest = /\.(only|skip|todo)\(/;

/** What git tracks or would track: generated and ignored files are nobody's prose. */
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '');
const sources = tracked.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
const isTest = (path: string) => /\.test\.ts$|\/test\/|^tests\//.test(path);

const textOf = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
const texts = new Map(sources.map((path) => [path, textOf(path)]));

function everywhere(fault: (path: string, text: string) => readonly string[]): string[] {
  return [...texts].flatMap(([path, text]) => fault(path, text).map((what) => `${path}: ${what}`));
}

type Measured = { readonly name: string; readonly line: number; readonly node: ts.Node };

function functionsOf(path: string, text: string): Measured[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const found: Measured[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ name: node.name?.getText() ?? 'function', line, node });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const linesOf = ({ node }: Measured) => node.getText().split('\n').length;

test('no file is longer than 300 lines', () => {
  const long = everywhere((_, text) => {
    const lines = text.split('\n').length - 1;
    return lines > fileLinesMax ? [`${lines} lines`] : [];
  });
  expect(long).toEqual([]);
});

test('no line is longer than 100 characters', () => {
  const long = everywhere((_, text) =>
    text
      .split('\n')
      .flatMap((line, index) => (line.length > lineCharsMax ? [`line ${index + 1}`] : [])),
  );
  expect(long).toEqual([]);
});

test('no function of the application is longer than 40 lines', () => {
  const long = everywhere((path, text) => {
    if (isTest(path)) return [];
    return functionsOf(path, text)
      .filter((measured) => linesOf(measured) > functionLinesMax)
      .map((measured) => `${measured.name} at ${measured.line} has ${linesOf(measured)} lines`);
  });
  expect(long).toEqual([]);
});

test('no function takes more than three positional parameters', () => {
  const wide = everywhere((path, text) =>
    functionsOf(path, text)
      .filter(({ node }) => ts.isFunctionLike(node) && node.parameters.length > parametersMax)
      .filter(({ node }) => !path.includes('/resolvers/') || !ts.isArrowFunction(node))
      .map(({ name, line }) => `${name} at ${line}`),
  );
  expect(wide).toEqual([]);
});

test('files have kebab-case names, resolvers their GraphQL name, and none is a drawer', () => {
  const odd = sources.filter((path) => {
    const name = basename(path);
    const shape = path.includes('/resolvers/') ? graphqlName : kebab;
    return drawers.test(name) || !(shape.test(name) || kebab.test(name));
  });
  expect(odd).toEqual([]);
});

test('nothing is left for later and no test sleeps in', () => {
  const own = 'tools/house/tidy.test.ts';
  const left = everywhere((path, text) => {
    if (path === own) return [];
    const marks = unfinished.test(text) ? ['a mark of unfinished work'] : [];
    return isTest(path) && sleepingTest.test(text) ? [...marks, 'a test that never runs'] : marks;
  });
  expect(left).toEqual([]);
});

test('no tracked text names a path of one machine or the address of a registry', () => {
  const lockfile = textOf('package-lock.json');
  expect(lockfile.match(/"resolved": "https?:/g) ?? []).toEqual([]);
  const readable = ['.ts', '.md', '.json', '.yml', '.graphql', '.prisma', '.sql', '.cjs'];
  const homes = new RegExp(['/(home', 'root', 'work', 'Users)/[a-z.]+/'].join('|'));
  const named = tracked
    .filter((path) => readable.includes(extname(path)) && path !== 'package-lock.json')
    .filter((path) => homes.test(textOf(path)));
  expect(named).toEqual([]);
});
