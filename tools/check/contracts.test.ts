import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, print, visit } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gateways } from '../generate/units.ts';
import { breakingChanges } from './contract-changes.ts';
import { problemsOfContracts, places as real, release } from './contracts.ts';

let folder: string;
const places = () => ({ ...real, present: folder, released: join(folder, 'released') });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simplebank-contracts-'));
  mkdirSync(join(folder, 'released'));
  for (const gateway of gateways) {
    copyFileSync(join(real.present, `${gateway}.graphql`), join(folder, `${gateway}.graphql`));
  }
  release(places());
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Takes a root field out of a contract. */
function drop(field: string, gateway = 'web'): void {
  const file = join(folder, `${gateway}.graphql`);
  const document = visit(parse(readFileSync(file, 'utf8')), {
    ObjectTypeDefinition(type) {
      if (type.name.value !== 'Query') return undefined;
      return { ...type, fields: type.fields?.filter(({ name }) => name.value !== field) };
    },
  });
  writeFileSync(file, print(document));
}
const accept = (entries: object[]) =>
  writeFileSync(join(folder, 'released/accepted-changes.json'), JSON.stringify(entries));

const entry = {
  gateway: 'web',
  change: 'FIELD_REMOVED Query.unreadCount',
  reason: 'The number is part of the home screen.',
};

test('the contracts as they are keep what was released, or say why not', async () => {
  expect(await problemsOfContracts(real)).toEqual([]);
});

test('a field that is gone fails the check until its end is accepted with a reason', async () => {
  drop('unreadCount');
  const message = "Field 'unreadCount' was removed from object type 'Query'";
  expect(await problemsOfContracts(places())).toEqual([`web: ${entry.change}: ${message}`]);
  accept([entry]);
  expect(await problemsOfContracts(places())).toEqual([]);
});

test('what was accepted for another gateway, or in vain, is told', async () => {
  accept([entry]);
  expect(await problemsOfContracts(places())).toEqual([
    `web: ${entry.change} is accepted in accepted-changes.json, in vain`,
  ]);
});

test('after a release the present contract is the promise', async () => {
  drop('unreadCount');
  accept([entry]);
  release(places());
  expect(await problemsOfContracts(places())).toEqual([]);
  drop('me');
  expect(await problemsOfContracts(places())).toHaveLength(1);
});

test('what a released phone application asks for is not taken away, accepted or not', async () => {
  drop('marketClock', 'mobile');
  accept([{ gateway: 'mobile', change: 'FIELD_REMOVED Query.marketClock', reason: 'Unused.' }]);
  const problems = await problemsOfContracts(places());
  expect(problems.length).toBeGreaterThan(0);
  const said = /^mobile: released operation [0-9a-f]{64}: Cannot query field "marketClock"/;
  for (const problem of problems) expect(problem).toMatch(said);
  release(places());
  expect(await problemsOfContracts(places())).toEqual(problems);
});

const graph = `
  type Query { a(n: Int, old: Int @deprecated): String! b: Kind in(input: In): Int }
  enum Kind { ONE TWO }
  input In { x: Int y: Int! }
`;
test.each([
  [
    'a result that may be null now',
    'a(n: Int, old: Int @deprecated): String!',
    'a(n: Int): String',
  ],
  ['an argument that must be given now', 'n: Int', 'n: Int!'],
  ['an enum value that is gone', 'ONE TWO', 'ONE'],
  ['an input field that must be given now', 'x: Int', 'x: Int!'],
  ['a new input field that must be given', 'x: Int', 'x: Int z: Int!'],
  ['a type of another kind', 'b: Kind', 'b: String'],
])('%s breaks callers', async (_, line, other) => {
  expect(await breakingChanges(graph, graph.replace(line, other))).not.toEqual([]);
});

test.each([
  ['a new field', 'b: Kind', 'b: Kind c: Int'],
  ['a new argument with a choice', 'n: Int', 'n: Int m: Int'],
  ['a new value of an enum', 'ONE TWO', 'ONE TWO THREE'],
  ['an input field that need not be given any more', 'y: Int!', 'y: Int'],
  ['a result that is never null any more', 'b: Kind', 'b: Kind!'],
])('%s breaks nobody', async (_, line, other) => {
  expect(await breakingChanges(graph, graph.replace(line, other))).toEqual([]);
});
