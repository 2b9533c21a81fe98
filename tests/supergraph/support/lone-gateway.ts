import { generateAssertionKeys } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { afterEach, expect } from 'vitest';

const running: Part[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.close()));
});

/** A port where nothing listens: these gateways start with the whole bank down. */
const nowhere = 'http://127.0.0.1:1';
const subgraphs = ['ACCOUNTS', 'ORDERS', 'HOLDINGS', 'ASSETS', 'STRATEGIES', 'NOTIFICATIONS'];

const noQueue = () => Promise.reject(new Error('a gateway has no queue'));
const destination = { write: () => undefined };
const log = createLogger({ service: 'test', level: 'ERROR', destination });
const runtime: Runtime = {
  clock: systemClock,
  newId: () => crypto.randomUUID(),
  log,
  queues: { send: noQueue, consume: noQueue, close: async () => undefined },
  shared: createMemoryShared({ log }),
};

/** Starts a gateway whose subgraphs are all down, until the test ends; answers where it is. */
export async function startAlone<C>(
  { name, loadConfig, build }: ProcessDefinition<C>,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { privateKey } = await generateAssertionKeys();
  const env = {
    ...Object.fromEntries(subgraphs.map((subgraph) => [`${subgraph}_URL`, nowhere])),
    ASSERTION_PRIVATE_KEY: JSON.stringify(privateKey),
    [`${name.toUpperCase()}_PORT`]: '0',
    ...variables,
  };
  const parts = await build(loadConfig(env), runtime);
  running.push(...parts);
  for (const part of parts) await part.start();
  expect(await Promise.all(parts.map((part) => part.ready()))).toEqual(parts.map(() => true));
  const [door] = parts;
  if (!door || !('url' in door)) throw new Error(`${name} has no door`);
  return String(door.url);
}
