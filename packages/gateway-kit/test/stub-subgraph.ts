import type { AssertionVerifier, Viewer } from '@simplebank/chassis/auth';
import { assertionHeader } from '@simplebank/chassis/auth';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { buildASTSchema, graphql, parse } from 'graphql';

type Call = {
  readonly headers: FastifyRequest['headers'];
  readonly viewer: Viewer;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** How a stub treats the next calls; an outside view of a subgraph that is ill. */
type Mood = 'well' | 'hangs' | 'breaks' | 'babbles' | 'objects';

export type Stub = {
  readonly name: string;
  readonly typeDefs: string;
  readonly calls: Call[];
  mood: Mood;
  /** Calls that have come in, whatever became of them. */
  arrived: number;
  /** Nothing is answered before it resolves. */
  gate: Promise<void>;
  /** What answers say of how long they may be kept. */
  cacheControl: string | null;
  /** Known after `start`. */
  url: string;
  start(): Promise<void>;
  close(): Promise<void>;
};

/** About the request as a whole, so it has no path. */
const objection = {
  message: 'Variable "$id" got invalid value "x"; Expected an id.',
  extensions: { code: 'BAD_USER_INPUT', stacktrace: ['at inner.ts'] },
};

type StubOptions = {
  readonly name: string;
  readonly typeDefs: string;
  readonly root: Readonly<Record<string, unknown>>;
  readonly assertions: AssertionVerifier;
  readonly routes?: (app: FastifyInstance) => void;
};

/** A subgraph small enough to read: real schema, real assertions, and moods on demand. */
export function createStub(options: StubOptions): Stub {
  const { name, typeDefs, root, assertions } = options;
  const schema = executable(typeDefs);
  const app = fastify({ forceCloseConnections: true });
  const stub: Stub = {
    name,
    typeDefs,
    calls: [],
    mood: 'well',
    arrived: 0,
    gate: Promise.resolve(),
    cacheControl: null,
    url: '',
    async start() {
      stub.url = await app.listen({ host: '127.0.0.1', port: 0 });
    },
    close: async () => app.close(),
  };
  options.routes?.(app);
  app.post('/graphql', async (request, reply) => {
    stub.arrived += 1;
    await stub.gate;
    if (stub.cacheControl !== null) reply.header('cache-control', stub.cacheControl);
    if (stub.mood === 'hangs') return new Promise(() => undefined);
    if (stub.mood === 'breaks') return reply.code(500).send({ errors: [{ message: 'inner' }] });
    if (stub.mood === 'babbles') return reply.type('text/html').send('<html>');
    if (stub.mood === 'objects') return { errors: [objection] };
    const header = request.headers[assertionHeader];
    const viewer = await assertions.verify(typeof header === 'string' ? header : undefined);
    const { query, variables } = request.body as Pick<Call, 'query' | 'variables'>;
    stub.calls.push({ headers: request.headers, viewer, query, variables });
    return graphql({
      schema,
      source: query,
      rootValue: root,
      variableValues: { ...variables },
      contextValue: viewer,
    });
  });
  return stub;
}

/** The schema as graphql-js runs it; the gateway asks for entities and for root fields only. */
function executable(typeDefs: string): GraphQLSchema {
  const entities = [...typeDefs.matchAll(/type (\w+) @key/g)].map(([, type]) => type);
  const machinery = `
    scalar _Any
    union _Entity = ${entities.join(' | ')}
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
  `;
  const document = parse(entities.length > 0 ? typeDefs + machinery : typeDefs);
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}
