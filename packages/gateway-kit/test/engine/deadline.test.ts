import { afterEach, beforeEach, expect, test } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { openEngine } from './open-engine.ts';

let opened: Opened;
beforeEach(async () => {
  opened = await openEngine(library, { name: 'deadline' });
});
afterEach(() => opened.close());

const stub = (name: string) => {
  const found = opened.stubs[name];
  if (!found) throw new Error(`no stub ${name}`);
  return found;
};
const leftAt = (name: string) => Number(stub(name).calls[0]?.headers['x-deadline']);

test('the second hop is given what the first one left of the deadline', async () => {
  const firstTookMs = 300;
  stub('catalog').gate = new Promise((resolve) => setTimeout(resolve, firstTookMs));
  const text = '{ book(id: "b1") { title author { name } } }';
  const { errors } = await opened.ask(text, { withinMs: 2_000 });
  expect(errors).toBeUndefined();
  expect(leftAt('catalog')).toBeLessThanOrEqual(2_000);
  expect(leftAt('people')).toBeLessThanOrEqual(2_000 - firstTookMs);
  expect(leftAt('people')).toBeGreaterThan(0);
});

test('after the deadline no further subgraph is called; the answer says what lacks', async () => {
  const text = '{ book(id: "b1") { title } people }';
  await opened.ask(text); // its plan is made before anything is measured
  let release = () => {};
  stub('catalog').gate = new Promise((resolve) => {
    release = resolve;
  });
  const { data, errors } = await opened.ask(text, { withinMs: 500 });
  release();
  expect(data).toEqual({ book: null, people: 2 });
  expect(errors).toMatchObject([{ path: ['book'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
  const { errors: late } = await opened.ask(text, { withinMs: 0 });
  expect(late?.map(({ extensions }) => extensions?.['code'])).toEqual([
    'SUBGRAPH_UNAVAILABLE',
    'SUBGRAPH_UNAVAILABLE',
  ]);
  expect([stub('catalog').arrived, stub('people').arrived]).toEqual([2, 2]);
});
