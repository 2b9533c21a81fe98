import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { library } from './library.ts';
import type { Opened, Part } from './open-engine.ts';
import { composed, isValid, openEngine } from './open-engine.ts';

const catalogWith = (fields: string): Readonly<Record<string, Part>> => {
  const { catalog, people } = library;
  if (!catalog || !people) throw new Error('the library is not whole');
  const sdl = `type Query { books: [Book!]! } type Book @key(fields: "id") { id: ID! ${fields} }`;
  return { people, catalog: { ...catalog, sdl } };
};
/** The subgraph serves all of it throughout; the supergraph shows one part, then another. */
const whole = catalogWith('title: String pages: Int');
const before = composed(catalogWith('title: String'));
const after = composed(catalogWith('title: String pages: Int'));
const without = composed(catalogWith('pages: Int'));

let folder: string;
let file: string;
let opened: Opened;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simplebank-supergraph-'));
  file = join(folder, 'supergraph.graphql');
  await writeFile(file, before);
  opened = await openEngine(whole, { supergraphSdl: pathToFileURL(file) });
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
const has = (field: string) => isValid(opened.engine, `{ books { ${field} } }`);
const refusals = () =>
  opened.lines().filter((line) => line['error_code'] === 'SUPERGRAPH_REFUSED').length;
const titles = ['One', 'Two', 'One', 'Bad', 'Bad'];

/** Callers who ask without pause until they are told to stop; every question has its answer. */
function keepAsking(callers: number) {
  const state = { stopped: false, asked: 0, answers: [] as unknown[] };
  const loops = Array.from({ length: callers }, async () => {
    while (!state.stopped) {
      state.asked += 1;
      const { data, errors } = await opened.ask('{ books { title } }');
      state.answers.push(errors ?? data);
      await breath();
    }
  });
  return async () => {
    state.stopped = true;
    await Promise.all(loops);
    return state;
  };
}

test('a new supergraph is served without an answer lost, a broken one is not', async () => {
  const stop = keepAsking(5);
  expect(has('pages')).toBe(false);
  await writeFile(`${file}.new`, after);
  await rename(`${file}.new`, file);
  await until(() => expect(has('pages')).toBe(true));
  expect((await opened.ask('{ books { pages } }')).errors).toBeUndefined();
  await writeFile(file, 'type Query {');
  await until(() => expect(refusals()).toBe(1));
  expect(has('pages')).toBe(true);
  await writeFile(file, before);
  await until(() => expect(has('pages')).toBe(false));
  const { asked, answers } = await stop();
  expect(answers).toHaveLength(asked);
  const whole = { books: titles.map((title) => ({ title })) };
  expect(answers.filter((answer) => !isSame(answer, whole))).toEqual([]);
  expect(refusals()).toBe(1);
}, 60_000);

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

test('what was checked against the old graph still runs on it', async () => {
  const prepared = opened.prepare('{ books { title } }');
  await writeFile(file, without);
  await until(() => expect(has('title')).toBe(false));
  const { data, errors } = await prepared();
  expect([data, errors]).toEqual([{ books: titles.map((title) => ({ title })) }, undefined]);
  await expect(opened.ask('{ books { title } }')).rejects.toThrow('Cannot query field');
}, 30_000);

test('a supergraph with a subgraph that has no address is refused once', async () => {
  const { catalog } = library;
  if (!catalog) throw new Error('no catalog');
  await writeFile(file, composed({ elsewhere: catalog }));
  await until(() => expect(refusals()).toBe(1));
  expect(await opened.ask('{ books { title } }')).toMatchObject({ status: 200 });
}, 30_000);

test('a supergraph that a part of the gateway cannot use is refused', async () => {
  const seen: GraphQLSchema[] = [];
  opened.engine.onReload((schema) => {
    seen.push(schema);
    throw new Error('a declaration does not fit it');
  });
  await writeFile(file, after);
  await until(() => expect(refusals()).toBe(1));
  expect([seen.length, has('pages')]).toEqual([1, false]);
}, 30_000);
