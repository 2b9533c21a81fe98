import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import {
  assertionHeader,
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
  type Principal,
  type Viewer,
} from '../src/door/auth.ts';
import { type Door, serveSubgraph } from '../src/door/subgraph.ts';
import { createLogger } from '../src/process/logging.ts';
import { innerText, resolvers, runs, typeDefs } from './sample-graph.ts';

export const alice: Principal = {
  kind: 'principal',
  customerId: '11111111-0000-4000-8000-000000000001',
  roles: ['customer'],
  channel: 'web',
  sessionId: 's-1',
};

export type Line = Readonly<Record<string, unknown>>;
export type Post = {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};
type Asked = {
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: Viewer;
};

const keys = await generateAssertionKeys();
export const signer = createAssertionSigner({ privateKey: keys.privateKey, issuer: 'web' });

export const written: string[] = [];
export const lines = (): Line[] => written.map((line) => JSON.parse(line));
const log = createLogger({
  service: 'chassis-test',
  destination: { write: (line) => void written.push(line) },
});

/** A door called orders on a port of its own, not started. */
export const serve = (port = 0): Promise<Door> =>
  serveSubgraph({
    name: 'orders',
    host: '127.0.0.1',
    port,
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    assertions: createAssertionVerifier({ publicKeys: keys.publicKeys, audience: 'orders' }),
    contextFor: (story) => ({ story }),
    log,
    routes: (app) => {
      app.get('/keys', async () => ({ keys: [] }));
      app.get('/broken', async () => {
        throw new Error(innerText);
      });
    },
  });

export async function post(door: Door, { body, headers = {} }: Post) {
  const response = await fetch(`${door.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** A door for the tests of one file; lines and runs start empty in each test. */
export async function useDoor() {
  const door = await serve();
  beforeAll(() => door.start());
  afterAll(() => door.close());
  beforeEach(() => {
    written.length = 0;
    runs.length = 0;
  });

  async function ask(query: string, { variables = {}, headers = {}, as = alice }: Asked = {}) {
    const assertion = await signer.sign(as, 'orders');
    return post(door, {
      body: JSON.stringify({ query, variables }),
      headers: { [assertionHeader]: assertion, ...headers },
    });
  }
  return { door, ask };
}

/** The line is written after the answer has left. */
export async function endLine(): Promise<Line | undefined> {
  const ended = () => lines().find(({ message }) => message === 'request ended');
  await expect.poll(ended, { timeout: 2_000 }).toBeDefined();
  return ended();
}
