import { createLogger } from '@simplebank/chassis/logging';
import type { Shared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { buildSchema, execute, Kind, parse } from 'graphql';
import type { AnswerCache } from '../../src/cache/answer-cache.ts';
import { createAnswerCache } from '../../src/cache/answer-cache.ts';
import type { CacheHint, Operation, Outcome, Run } from '../../src/request/steps.ts';
import type { Story } from '../../src/request/story.ts';
import type { Chance } from './chance.ts';

export const log = createLogger({ service: 'test', destination: { write: () => undefined } });

const schema = buildSchema(`
  type Query { me: Customer assets: [Asset!]! }
  type Mutation { write: Int! list: Int! }
  type Customer { id: ID! version: Int! }
  type Asset { id: ID! version: Int! }
`);

const texts = {
  own: '{ me { id version } }',
  ownInOtherWords: 'query Again { mine: me { version ... on Customer { id } } }',
  public: '{ assets { id version } }',
  both: '{ me { id version } assets { version } }',
  write: 'mutation { write }',
  list: 'mutation { list }',
} as const;
export type Text = keyof typeof texts;

const operationOf = (text: string): Operation => {
  const document = parse(text);
  const [definition] = document.definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const name = definition.name?.value ?? null;
  const cost = () => 1;
  return { id: text, text, name, document, definition, schema, cost, actualCost: cost };
};

const hints: Readonly<Record<Text, CacheHint>> = {
  own: { maxAgeSeconds: 600, scope: 'PRIVATE' },
  ownInOtherWords: { maxAgeSeconds: 600, scope: 'PRIVATE' },
  public: { maxAgeSeconds: 600, scope: 'PUBLIC' },
  both: { maxAgeSeconds: 600, scope: 'PRIVATE' },
  write: { maxAgeSeconds: 0, scope: 'PRIVATE' },
  list: { maxAgeSeconds: 0, scope: 'PRIVATE' },
};

/** What the contexts know: a version for each customer, and one of the public assets. */
export type Truth = { readonly versions: Map<string, number>; assets: number; runs: number };

const rootOf = (truth: Truth, customerId: string | null) => ({
  me: () => customerId && { id: customerId, version: truth.versions.get(customerId) ?? 0 },
  assets: () => [{ id: 'x1', version: truth.assets }],
  write: () => {
    const version = (truth.versions.get(customerId ?? '') ?? 0) + 1;
    truth.versions.set(customerId ?? '', version);
    return version;
  },
  list: () => {
    truth.assets += 1;
    return truth.assets;
  },
});

/** Runs as a plan over subgraphs would, with waits before and after the moment of truth. */
function runOver(truth: Truth, chance: Chance): Run {
  return async ({ id, document, name }, _, { viewer }): Promise<Outcome> => {
    truth.runs += 1;
    await chance.pause();
    const customerId = viewer.kind === 'principal' ? viewer.customerId : null;
    const result = execute({
      schema,
      document,
      operationName: name,
      rootValue: rootOf(truth, customerId),
    });
    const { data = null } = await result;
    await chance.pause(8);
    const [text] = Object.entries(texts).find(([, asked]) => asked === id) ?? ['own'];
    return { status: 200, data, cacheHint: hints[text as Text] };
  };
}

export type Instance = {
  readonly cache: AnswerCache;
  ask(text: Text, customerId: string | null): Promise<Outcome['data']>;
};

/** One gateway of several: its own connection to what they share, and waits at each use of it. */
export function createInstance(shared: Shared, truth: Truth, chance: Chance): Instance {
  const cache = createAnswerCache({
    name: 'web',
    shared: slowed(shared, chance),
    run: runOver(truth, chance),
    schema: () => schema,
    clock: systemClock,
    log,
  });
  const operations = new Map(Object.values(texts).map((text) => [text, operationOf(text)]));
  return {
    cache,
    async ask(text, customerId) {
      const operation = operations.get(texts[text]);
      if (!operation) throw new Error(`no operation ${text}`);
      const asked = { query: operation.text, operationName: null, variables: {} };
      const { body } = await cache.answer({ operation, asked, story: storyOf(customerId) });
      return JSON.parse(body).data;
    },
  };
}

const storyOf = (customerId: string | null): Story => ({
  requestId: 'r1',
  viewer:
    customerId === null
      ? { kind: 'anonymous', channel: 'web' }
      : { kind: 'principal', customerId, roles: ['customer'], channel: 'web', sessionId: null },
  deadlineAtMs: performance.now() + 60_000,
  address: '127.0.0.1',
  standing: { taken: null },
  log,
  method: 'POST',
  operation: { name: null },
});

/** What was written, so that nothing of a test stays behind on a server that others use. */
export const writtenKeys = new Set<string>();

function slowed({ store, ...others }: Shared, chance: Chance): Shared {
  const late = async <T>(command: () => Promise<T>): Promise<T> => {
    await chance.pause();
    const result = await command();
    await chance.pause();
    return result;
  };
  return {
    ...others,
    store: {
      getMany: (keys) => late(() => store.getMany(keys)),
      set: (key, value, ttlMs) => late(() => store.set(noted(key), value, ttlMs)),
      increment: (key, ttlMs) => late(() => store.increment(noted(key), ttlMs)),
      setIfAbsent: (key, value, ttlMs) => late(() => store.setIfAbsent(key, value, ttlMs)),
      delete: (keys) => late(() => store.delete(keys)),
    },
  };
}

function noted(key: string): string {
  writtenKeys.add(key);
  return key;
}
