import { metrics } from '@simplebank/chassis/metrics';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { library } from './library.ts';
import type { Opened } from './open-engine.ts';
import { openEngine } from './open-engine.ts';

let opened: Opened;
let now = Date.UTC(2026, 0, 30);
beforeEach(async () => {
  opened = await openEngine(library, { name: 'circuit', clock: { now: () => new Date(now) } });
});
afterEach(() => opened.close());

const catalog = () => {
  const stub = opened.stubs['catalog'];
  if (!stub) throw new Error('no catalog');
  return stub;
};
const ask = async () => (await opened.ask('{ book(id: "b1") { title } }')).errors;
const unavailable = [
  {
    message: 'The catalog part of the bank does not answer right now.',
    path: ['book'],
    extensions: {
      code: 'SUBGRAPH_UNAVAILABLE',
      subgraph: 'catalog',
      requestId: 'story-0001',
    },
  },
];
const state = async () =>
  (await metrics.metrics())
    .split('\n')
    .find((line) => line.includes('service="circuit"') && line.includes('"catalog"'))
    ?.split(' ')
    .at(-1);

async function fail(times: number): Promise<void> {
  catalog().mood = 'breaks';
  for (let n = 0; n < times; n += 1) expect(await ask()).toMatchObject(unavailable);
}

test('after five failures a subgraph is left alone for 30 s, then one call tries', async () => {
  await fail(5);
  expect([catalog().arrived, await state()]).toEqual([5, '2']);
  catalog().mood = 'well';
  now += 29_999;
  expect(await ask()).toEqual(unavailable);
  expect(catalog().arrived).toBe(5);
  now += 1;
  expect(await ask()).toBeUndefined();
  expect([catalog().arrived, await state()]).toEqual([6, '0']);
});

test('a subgraph left alone costs the fields of the others nothing', async () => {
  await fail(5);
  const { data, errors } = await opened.ask('{ people book(id: "b1") { title } }');
  expect(data).toEqual({ people: 2, book: null });
  expect(errors).toMatchObject(unavailable);
});

test('callers who come with little time left do not speak against a subgraph', async () => {
  catalog().mood = 'hangs';
  const text = '{ book(id: "b1") { title } }';
  for (let n = 0; n < 6; n += 1) await opened.ask(text, { withinMs: 30 });
  catalog().mood = 'well';
  expect(await ask()).toBeUndefined();
  expect(await state()).toBe('0');
});

test('an answer with errors speaks for a subgraph, not against it', async () => {
  catalog().mood = 'objects';
  for (let n = 0; n < 6; n += 1) await ask();
  expect(await state()).toBe('0');
});
