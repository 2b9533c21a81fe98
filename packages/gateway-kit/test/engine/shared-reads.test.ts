import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Outcome } from '../../src/request/steps.ts';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { customer, openEngine } from './open-engine.ts';

let opened: Opened;
let release = () => {};
beforeEach(async () => {
  opened = await openEngine(library);
  close('catalog');
});
afterEach(async () => {
  release();
  await opened.close();
});

/** Holds a subgraph's answers back until `release`, and counts its calls from here. */
function close(name: string): void {
  const stub = opened.stubs[name];
  if (!stub) throw new Error(`no stub ${name}`);
  stub.arrived = 0;
  stub.gate = new Promise((resolve) => {
    release = resolve;
  });
}
const arrived = () => opened.stubs['catalog']?.arrived;
const waiting = (calls: number) => vi.waitFor(() => expect(arrived()).toBe(calls), 5_000);

/** Who waited for another's call until that was given up would be told of an error. */
async function answered(reads: readonly Promise<Outcome>[], calls: number): Promise<void> {
  await waiting(calls);
  release();
  const outcomes = await Promise.all(reads);
  expect(outcomes.flatMap(({ errors }) => errors ?? [])).toEqual([]);
}

const shelf = '{ books { id title } }';
const titles = { books: ['One', 'Two', 'One', 'Bad', 'Bad'].map((title) => ({ title })) };

test('equal reads of one caller at the same moment are one call', async () => {
  const asking = { viewer: customer('c1'), writtenMark: '1.7' };
  const reads = Array.from({ length: 20 }, () => opened.ask('{ books { title } }', asking));
  await waiting(1);
  release();
  const outcomes = await Promise.all(reads);
  expect(outcomes.map(({ data }) => data)).toEqual(Array(20).fill(titles));
  expect(arrived()).toBe(1);
});

test('readers of one call share no object that one of them could change', async () => {
  const reads = [opened.ask(shelf), opened.ask(shelf)];
  await waiting(1);
  release();
  const [one, other] = await Promise.all(reads);
  expect(one?.data).toEqual(other?.data);
  const [mine, theirs] = [one, other].map((outcome) => outcome?.data?.['books'] as object[]);
  expect(mine?.some((book, n) => book === theirs?.[n])).toBe(false);
});

const c1 = customer('c1');
test.each([
  ['two customers', [{ viewer: c1 }, { viewer: customer('c2') }], '1'],
  ['a customer and nobody', [{ viewer: c1 }, {}], '1'],
  [
    'before and after a write of their own',
    [
      { viewer: c1, writtenMark: '1' },
      { viewer: c1, writtenMark: '2' },
    ],
    '0',
  ],
])('equal reads of %s are never one call', async (_, readers, writtenMark) => {
  const reads = readers.map((reader) => opened.ask(shelf, { writtenMark, ...reader }));
  await answered(reads, 2);
});

test('a customer whose own writes are not known shares with nobody', async () => {
  const reads = [1, 2].map(() => opened.ask(shelf, { viewer: customer('c1') }));
  await answered(reads, 2);
});

test('reads with other variables are calls of their own', async () => {
  const text = 'query ($id: ID!) { book(id: $id) { title } }';
  const reads = ['b1', 'b2'].map((id) => opened.ask(text, { variables: { id } }));
  await waiting(2);
  release();
  const outcomes = await Promise.all(reads);
  expect(outcomes.map(({ data }) => data)).toEqual([
    { book: { title: 'One' } },
    { book: { title: 'Two' } },
  ]);
});

test('a change is made as often as it is asked for', async () => {
  const text = 'mutation { rename(id: "b1") { title } }';
  const asking = { viewer: customer('c1'), writtenMark: '1' };
  const changes = [opened.ask(text, asking), opened.ask(text, asking)];
  await answered(changes, 2);
});

test('whoever has no time left goes, and the other readers of the call stay', async () => {
  const patient = opened.ask(shelf);
  await waiting(1);
  const hasty = await opened.ask(shelf, { withinMs: 50 });
  expect(hasty.errors?.[0]?.extensions?.['code']).toBe('SUBGRAPH_UNAVAILABLE');
  release();
  expect((await patient).errors).toBeUndefined();
  expect(arrived()).toBe(1);
});

test('whoever joined a reader with less time still has all of its own', async () => {
  release();
  await opened.ask(shelf); // planned once, so that the short time below is spent on waiting
  close('catalog');
  const hasty = opened.ask(shelf, { withinMs: 2_000 });
  await waiting(1);
  const patient = opened.ask(shelf);
  expect((await hasty).errors?.[0]?.extensions?.['code']).toBe('SUBGRAPH_UNAVAILABLE');
  await waiting(2);
  release();
  expect((await patient).errors).toBeUndefined();
});
