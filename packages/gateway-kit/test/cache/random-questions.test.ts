import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AnswerCache, createAnswerCache } from '../../src/cache/answer-cache.ts';
import { createOperations, type Operations } from '../../src/operations/operations.ts';
import type { Asked } from '../../src/request/steps.ts';
import type { Story } from '../../src/request/story.ts';
import { library } from '../engine/library.ts';
import { anonymous, type Opened, openEngine } from '../engine/open-engine.ts';
import { type Question, questions } from '../engine/questions.ts';
import { log } from './world.ts';

const runs = { numRuns: 30, seed: 20_261_121, endOnFailure: true };
const patienceMs = 60_000;

let opened: Opened;
let operations: Operations;
let cache: AnswerCache;
beforeEach(async () => {
  opened = await openEngine(library);
  for (const stub of Object.values(opened.stubs)) stub.cacheControl = 'max-age=600, public';
  const { engine } = opened;
  const schema = () => engine.schema;
  operations = createOperations({
    ...{ schema, weightsOf: engine.weightsOf, introspection: true },
    ...{ costMax: 1_000_000, nestsLists: true },
  });
  const shared = createMemoryShared({ log });
  cache = createAnswerCache({
    ...{ name: 'web', shared, run: engine.run, schema, clock: systemClock, log },
  });
}, patienceMs);
afterEach(() => opened.close());

const storyNow = (): Story => ({
  ...{ requestId: 'story-0001', viewer: anonymous, log, method: 'POST', address: '127.0.0.1' },
  deadlineAtMs: performance.now() + patienceMs,
  standing: { taken: null },
  operation: { name: null },
});

async function answered({ text, variables }: Question, fresh?: true) {
  const asked: Asked = {
    ...{ query: text, operationName: null, variables },
    ...(fresh ? { fresh } : {}),
  };
  const { body } = await cache.answer({
    ...{ operation: operations.resolve(asked), asked, story: storyNow() },
  });
  return parts(body);
}

type Said = { readonly message: string; readonly path?: readonly unknown[] };

/** Errors come in any order; which entity of a list one names is the engine's own affair. */
function parts(body: string) {
  const { data, errors = [] } = JSON.parse(body);
  const said = (errors as Said[]).map(({ message, path }) => `${path?.at(-1)}: ${message}`);
  return { data, errors: said.toSorted() };
}

test.each([
  ['every subgraph answers', null],
  ['one that completes entities is down', 'reviews'],
  ['another one is down', 'people'],
])(
  'random questions are answered alike, kept or run, tagged or as they stand, while %s',
  async (_, down) => {
    const stub = opened.stubs[down ?? ''];
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        if (stub) stub.mood = 'breaks';
        const expected = await answered(question, true);
        expect([await answered(question), await answered(question)]).toEqual([expected, expected]);
      }),
      runs,
    );
  },
  patienceMs,
);
