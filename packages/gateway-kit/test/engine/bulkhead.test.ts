import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { openEngine } from './open-engine.ts';

const book = '{ book(id: "b1") { title } }';
const rename = 'mutation { rename(id: "b1") { title } }';

let opened: Opened;
beforeEach(async () => {
  opened = await openEngine(library, { name: 'bulkhead', sharesReads: false });
  // Plans are made before anything is measured.
  for (const text of [book, rename, '{ people }']) await opened.ask(text);
  for (const each of Object.values(opened.stubs)) each.arrived = 0;
});
afterEach(() => opened.close());

const stub = (name: string) => {
  const found = opened.stubs[name];
  if (!found) throw new Error(`no stub ${name}`);
  return found;
};
const several = (count: number, text: string) =>
  Array.from({ length: count }, () => opened.ask(text, { withinMs: 30_000 }));
const codesOf = async (answers: ReturnType<typeof several>) => {
  const counts: Record<string, number> = {};
  for (const { errors } of await Promise.all(answers)) {
    const code = String(errors?.[0]?.extensions?.['code'] ?? 'OK');
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
};

test('a subgraph that hangs has 50 calls and 100 that wait; more are refused', async () => {
  stub('catalog').mood = 'hangs';
  const held = several(150, book);
  await vi.waitFor(() => expect(stub('catalog').arrived).toBe(50), 10_000);
  // Longer than a queue that moves is silent.
  await new Promise((resume) => setTimeout(resume, 300));
  const startedAt = performance.now();
  expect(await codesOf(several(20, book))).toEqual({ BULKHEAD_FULL: 20 });
  expect(await codesOf(several(5, '{ people }'))).toEqual({ OK: 5 });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(stub('catalog').arrived).toBe(50);
  expect(await codesOf(held)).toEqual({ SUBGRAPH_UNAVAILABLE: 150 });
}, 60_000);

test('what waits is answered when the subgraph answers again, changes before reads', async () => {
  let release = () => {};
  stub('catalog').gate = new Promise((resolve) => {
    release = resolve;
  });
  const order: string[] = [];
  const noted = (name: string, answers: ReturnType<typeof several>) =>
    answers.map(async (answer) => {
      const outcome = await answer;
      order.push(name);
      return outcome;
    });
  const reads = noted('read', several(120, book));
  await vi.waitFor(() => expect(stub('catalog').arrived).toBe(50), 10_000);
  const changes = noted('change', several(10, rename));
  release();
  expect(await codesOf([...reads, ...changes])).toEqual({ OK: 130 });
  expect(order.lastIndexOf('change')).toBeLessThan(order.lastIndexOf('read'));
}, 60_000);
