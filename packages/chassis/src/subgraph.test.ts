import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Decimal } from '@simplebank/kernel/decimal';
import { GraphQLError, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  assertionHeader,
  createAssertionSigner,
  createAssertionVerifier,
  generateAssertionKeys,
  type Principal,
  type Viewer,
} from './auth.ts';
import { PublicError } from './errors.ts';
import { createLogger } from './logging.ts';
import { metrics } from './metrics.ts';
import { scalars } from './scalars.ts';
import { type Door, type RequestStory, serveSubgraph } from './subgraph.ts';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar Decimal
  scalar DateTime
  scalar LocalDate
  input BuyInput { quantity: Decimal!, name: String }
  type Refusal { code: String! }
  type BuyRefusal { code: String! }
  type BuySuccess { quantity: Decimal! }
  union BuyResult = BuySuccess | BuyRefusal
  type Account @key(fields: "id") { id: ID! owner: String }
  type Query {
    whoAmI: String!
    requestId: String!
    trace: String
    twice(quantity: Decimal!, first: Int): Decimal!
    hidden: String
    secret: Int
    borrowed(code: String!): Int
    page(first: Int! = 20): Int
    many: [Boom!]
    slow: String
  }
  type Boom { id: ID! name: String }
  type Mutation { buy(input: BuyInput!): BuyResult! }
`);

const runs: string[] = [];
let release: () => void = () => {};
const innerText = 'SELECT * FROM customer failed at 10.0.0.7';

const resolvers = {
  ...scalars,
  Query: {
    whoAmI: (_: unknown, __: unknown, { story }: { story: RequestStory }) => {
      runs.push('whoAmI');
      const { viewer } = story;
      return viewer.kind === 'principal' ? viewer.customerId : 'nobody';
    },
    requestId: (_: unknown, __: unknown, { story }: { story: RequestStory }) =>
      story.cause.correlationId,
    trace: (_: unknown, __: unknown, { story }: { story: RequestStory }) => story.cause.traceparent,
    twice: (_: unknown, { quantity }: { quantity: Decimal }) => quantity.times(2),
    hidden: () => {
      throw new PublicError('NOT_FOUND', 'No such account.', { field: 'id' });
    },
    secret: () => {
      throw new Error(innerText);
    },
    borrowed: (_: unknown, { code }: { code: string }) => {
      throw new GraphQLError(innerText, { extensions: { code } });
    },
    page: (_: unknown, { first }: { first: number }) => first,
    many: () => {
      const broken = new Error(innerText);
      return [1, 2, 3].map((id) => ({ id, name: () => Promise.reject(broken) }));
    },
    slow: () =>
      new Promise((resolve) => {
        runs.push('slow');
        release = () => resolve('done');
      }),
  },
  Account: {
    __resolveReference: ({ id }: { id: string }) => ({ id, owner: `owner of ${id}` }),
  },
  BuyResult: {
    __resolveType: ({ code }: { code?: string }) => (code ? 'BuyRefusal' : 'BuySuccess'),
  },
  Mutation: {
    buy: (_: unknown, { input }: { input: { quantity: Decimal } }) => {
      runs.push('buy');
      return input.quantity.greaterThan(10) ? { code: 'TOO_MUCH' } : input;
    },
  },
};

const alice: Principal = {
  kind: 'principal',
  customerId: '11111111-0000-4000-8000-000000000001',
  roles: ['customer'],
  channel: 'web',
  sessionId: 's-1',
};

type Line = Readonly<Record<string, unknown>>;
const written: string[] = [];
const lines = (): Line[] => written.map((line) => JSON.parse(line));
const log = createLogger({
  service: 'chassis-test',
  destination: { write: (line) => void written.push(line) },
});
const keys = await generateAssertionKeys();
const signer = createAssertionSigner({ privateKey: keys.privateKey, issuer: 'web' });
const assertions = createAssertionVerifier({ publicKeys: keys.publicKeys, audience: 'orders' });

const serve = (port = 0) =>
  serveSubgraph({
    name: 'orders',
    host: '127.0.0.1',
    port,
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    assertions,
    contextFor: (story) => ({ story }),
    log,
    routes: (app) => {
      app.get('/keys', async () => ({ keys: [] }));
      app.get('/broken', async () => {
        throw new Error(innerText);
      });
    },
  });

let door: Door;
beforeAll(async () => {
  door = await serve();
  await door.start();
});
afterAll(() => door.close());
beforeEach(() => {
  written.length = 0;
  runs.length = 0;
});

type Post = { readonly body: string; readonly headers?: Readonly<Record<string, string>> };

async function post({ body, headers = {} }: Post, at = door) {
  const response = await fetch(`${at.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

type Asked = { variables?: object; headers?: Readonly<Record<string, string>>; as?: Viewer };

async function ask(query: string, { variables = {}, headers = {}, as = alice }: Asked = {}) {
  const assertion = await signer.sign(as, 'orders');
  return post({
    body: JSON.stringify({ query, variables }),
    headers: { [assertionHeader]: assertion, ...headers },
  });
}

/** The line is written after the answer has left. */
async function endLine(): Promise<Line | undefined> {
  const ended = () => lines().find(({ message }) => message === 'request ended');
  await expect.poll(ended, { timeout: 2_000 }).toBeDefined();
  return ended();
}

test('without a valid assertion for this subgraph the door answers 401 and runs no query', async () => {
  const body = JSON.stringify({ query: '{ whoAmI }' });
  const elsewhere = await signer.sign(alice, 'accounts');
  const refused: Readonly<Record<string, string>>[] = [
    {},
    { 'x-user-id': alice.customerId },
    { authorization: `Bearer ${await signer.sign(alice, 'orders')}` },
    { [assertionHeader]: elsewhere },
    { [assertionHeader]: 'forged' },
  ];
  for (const headers of refused) {
    const answer = await post({ body, headers });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      errors: [
        {
          message: 'This call needs a valid internal assertion.',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
  }
  expect(runs).toEqual([]);
});

test('the viewer of the assertion reaches the resolvers', async () => {
  expect((await ask('{ whoAmI }')).body).toEqual({ data: { whoAmI: alice.customerId } });
  const as: Viewer = { kind: 'anonymous', channel: 'mobile' };
  expect((await ask('{ whoAmI }', { as })).body).toEqual({ data: { whoAmI: 'nobody' } });
});

test('entities and the schema are served as federation asks for them', async () => {
  const query = `query ($all: [_Any!]!) {
    _service { sdl }
    _entities(representations: $all) { ... on Account { id owner } }
  }`;
  const all = ['a', 'b'].map((id) => ({ __typename: 'Account', id }));
  const { body } = await ask(query, { variables: { all } });
  expect(body.data._entities).toEqual([
    { id: 'a', owner: 'owner of a' },
    { id: 'b', owner: 'owner of b' },
  ]);
  expect(body.data._service.sdl).toContain('type Account');
});

test('a well-formed request id is taken over, another is replaced; it is the correlation id', async () => {
  const kept = await ask('{ requestId }', { headers: { 'x-request-id': 'demo-1.a_B' } });
  expect(kept.headers.get('x-request-id')).toBe('demo-1.a_B');
  expect(kept.body).toEqual({ data: { requestId: 'demo-1.a_B' } });

  const made = await ask('{ requestId }', { headers: { 'x-request-id': 'a b\tc' } });
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(made.body.data.requestId).toBe(made.headers.get('x-request-id'));
});

test('a trace context travels on, a malformed one is dropped', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect((await ask('{ trace }', { headers: { traceparent } })).body).toEqual({
    data: { trace: traceparent },
  });
  expect((await ask('{ trace }', { headers: { traceparent: 'x' } })).body).toEqual({
    data: { trace: null },
  });
});

test('an expired deadline fails without running the query', async () => {
  const late = await ask('{ whoAmI }', { headers: { 'x-deadline': '0' } });
  expect(late.status).toBe(504);
  expect(late.body.errors[0].extensions).toEqual({ code: 'DEADLINE_EXCEEDED' });
  const odd = await ask('{ whoAmI }', { headers: { 'x-deadline': 'soon' } });
  expect(odd.status).toBe(400);
  expect(odd.body.errors[0].extensions).toEqual({ code: 'BAD_INPUT', field: 'x-deadline' });
  expect(runs).toEqual([]);
  expect((await ask('{ whoAmI }', { headers: { 'x-deadline': '2500' } })).status).toBe(200);
});

test('a malformed body is a 4xx with a reason', async () => {
  const headers = { [assertionHeader]: await signer.sign(alice, 'orders') };
  const cases: [Post, number, string][] = [
    [{ body: '{"query":' }, 400, 'The body is not valid JSON.'],
    [{ body: '' }, 400, 'The body is empty; expected a JSON object.'],
    [{ body: '{}' }, 400, 'POST body missing, invalid Content-Type, or JSON object has no keys.'],
    [{ body: '{"query":"{"}' }, 400, 'Syntax Error: Expected Name, found <EOF>.'],
    [{ body: '{"query":"{ nothing }"}' }, 400, 'Cannot query field "nothing" on type "Query".'],
    [{ body: `{"query":"{ whoAmI }${' '.repeat(1_100_000)}"}` }, 413, 'The body is too large.'],
    [
      { body: 'query=1', headers: { 'content-type': 'text/plain' } },
      415,
      'Expected content-type application/json.',
    ],
  ];
  for (const [request, status, message] of cases) {
    const answer = await post({ ...request, headers: { ...headers, ...request.headers } });
    expect([answer.status, answer.body.errors[0].message]).toEqual([status, message]);
  }
  expect(runs).toEqual([]);
});

test.each([
  ['query ($q: Decimal!) { twice(quantity: $q) }', { q: 1.5 }, 'q'],
  ['query ($q: Decimal!) { twice(quantity: $q) }', {}, 'q'],
  ['{ twice(quantity: "1e5") }', {}, 'quantity'],
  ['{ twice(quantity: 1.5) }', {}, 'quantity'],
  ['{ twice(quantity: "1", first: "x") }', {}, 'first'],
  [
    'mutation ($i: BuyInput!) { buy(input: $i) { __typename } }',
    { i: { quantity: 'ten' } },
    'i.quantity',
  ],
  ['mutation ($i: BuyInput!) { buy(input: $i) { __typename } }', { i: {} }, 'i.quantity'],
  ['mutation ($q: Decimal!) { buy(input: { quantity: $q }) { __typename } }', { q: 'x' }, 'q'],
  ['mutation { buy(input: { quantity: "-" }) { __typename } }', {}, 'input.quantity'],
  ['mutation { buy(input: { name: "x" }) { __typename } }', {}, 'input.quantity'],
])(
  'a value that does not fit is BAD_INPUT and names its field: %s %j',
  async (query, variables, field) => {
    const { status, body } = await ask(query, { variables });
    expect(status).toBe(400);
    expect(body.errors.map(({ extensions }: { extensions: object }) => extensions)).toEqual([
      { code: 'BAD_INPUT', field },
    ]);
    expect(runs).toEqual([]);
  },
);

test('a refused value is not repeated in the answer', async () => {
  const query = 'mutation ($i: BuyInput!) { buy(input: $i) { __typename } }';
  const { body } = await ask(query, { variables: { i: { quantity: 'my-pass-word' } } });
  expect(body.errors[0].message).toBe('Expected a decimal string such as "12.50".');
});

test('a public error passes with its code, message and field', async () => {
  const { status, body } = await ask('{ hidden }');
  expect(status).toBe(200);
  expect(body).toEqual({
    data: { hidden: null },
    errors: [
      {
        message: 'No such account.',
        path: ['hidden'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'NOT_FOUND', field: 'id' },
      },
    ],
  });
  await endLine();
  expect(lines().filter(({ levelname }) => levelname === 'ERROR')).toEqual([]);
});

test('an unexpected error is masked, and its errorId finds the one line with its stack', async () => {
  const { body } = await ask('query Broken { secret }', { headers: { 'x-request-id': 'r-1' } });
  const { errorId } = body.errors[0].extensions;
  expect(body.errors).toEqual([
    {
      message: 'Something went wrong on our side.',
      path: ['secret'],
      locations: [{ line: 1, column: 16 }],
      extensions: { code: 'INTERNAL', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
  ]);
  expect(JSON.stringify(body)).not.toContain('customer');
  const errors = lines().filter(({ levelname }) => levelname === 'ERROR');
  expect(errors).toMatchObject([
    {
      error_id: errorId,
      error_code: 'INTERNAL',
      request_id: 'r-1',
      operation_name: 'Broken',
      user_id: alice.customerId,
      stack_info: expect.stringContaining(innerText),
    },
  ]);
});

test.each(['BAD_REQUEST', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'NOT_FOUND', 'BAD_INPUT'])(
  'an inner error with the borrowed code %s stays masked',
  async (code) => {
    const { body } = await ask('query ($code: String!) { borrowed(code: $code) }', {
      variables: { code },
    });
    expect(body.errors[0].message).toBe('Something went wrong on our side.');
    expect(body.errors[0].extensions.code).toBe('INTERNAL');
  },
);

test('an argument that turns out to be null when its field runs is BAD_INPUT', async () => {
  const { body } = await ask('query ($f: Int) { page(first: $f) }', { variables: { f: null } });
  expect(body.errors[0].extensions).toEqual({ code: 'BAD_INPUT', field: 'first' });
  expect(lines().filter(({ levelname }) => levelname === 'ERROR')).toEqual([]);
});

test('one cause that breaks many fields is one error with one id', async () => {
  const { body } = await ask('{ many { id name } }');
  const ids = body.errors.map(
    ({ extensions }: { extensions: { errorId: string } }) => extensions.errorId,
  );
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  expect(lines().filter(({ error_id }) => error_id === ids[0])).toHaveLength(1);
});

test('every request ends with one line that tells its story and no secret', async () => {
  const query = 'mutation Buy($i: BuyInput!) { buy(input: $i) { __typename } }';
  await ask(query, { variables: { i: { quantity: '11' } }, headers: { 'x-request-id': 'r-2' } });
  expect(await endLine()).toMatchObject({
    service: 'orders',
    request_id: 'r-2',
    request_path: '/graphql',
    request_ip: '127.0.0.1',
    operation_name: 'Buy',
    user_id: alice.customerId,
    response_status: 200,
    timing_total_ms: expect.any(Number),
    outcome: 'refused',
    levelname: 'INFO',
  });
  expect(written.join('')).not.toContain('eyJ');
});

test.each([
  ['{ whoAmI }', 'who_am_i', 'ok'],
  ['{ secret }', 'secret', 'error'],
  ['{ nothing }', 'unresolved', 'refused'],
  ['mutation { buy(input: { quantity: "1" }) { __typename } }', 'buy', 'ok'],
  ['{ whoAmI requestId }', 'query', 'ok'],
])(
  'the timing of %s counts under operation %s with outcome %s',
  async (query, operation, outcome) => {
    const name = 'simplebank_operation_duration_seconds';
    const count = async () => {
      const { values = [] } = (await metrics.getSingleMetric(name)?.get()) ?? {};
      const wanted = { service: 'orders', operation, outcome };
      return (values as { metricName?: string; labels: object; value: number }[])
        .filter(({ metricName, labels }) => {
          return (
            metricName === `${name}_count` && JSON.stringify(labels) === JSON.stringify(wanted)
          );
        })
        .reduce((all, { value }) => all + value, 0);
    };
    const before = await count();
    await ask(query);
    await expect.poll(count, { timeout: 2_000 }).toBe(before + 1);
  },
);

test('introspection is off', async () => {
  const { status, body } = await ask('{ __schema { types { name } } }');
  expect(status).toBe(400);
  expect(body.errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('other routes need no assertion, and what they throw stays inside', async () => {
  expect(await (await fetch(`${door.url}/keys`)).json()).toEqual({ keys: [] });
  const broken = await fetch(`${door.url}/broken`);
  const body = await broken.text();
  expect(broken.status).toBe(500);
  expect(body).not.toContain('SELECT');
  expect(body).toContain('"code":"INTERNAL"');
  const nothing = await fetch(`${door.url}/graphql`);
  expect([nothing.status, await nothing.json()]).toEqual([
    404,
    { errors: [{ message: 'There is nothing here.', extensions: { code: 'NOT_FOUND' } }] },
  ]);
});

test('a taken port names the port and the variable that moves it', async () => {
  const port = Number(new URL(door.url).port);
  const second = await serve(port);
  await expect(second.start()).rejects.toThrow(
    `Port ${port} is taken. Stop what listens there, or set ORDERS_PORT to a free port.`,
  );
  expect(await second.ready()).toBe(false);
  await second.close();
});

test('closing finishes the running request, takes no new one and is done soon after', async () => {
  const own = await serve();
  await own.start();
  expect(await own.ready()).toBe(true);
  const headers = { [assertionHeader]: await signer.sign(alice, 'orders') };
  const running = post({ body: '{"query":"{ slow }"}', headers }, own);
  await expect.poll(() => runs).toContain('slow');

  const startedAt = performance.now();
  const closing = own.close();
  expect(await own.ready()).toBe(false);
  await expect(fetch(`${own.url}/keys`)).rejects.toThrow();
  release();
  expect((await running).body).toEqual({ data: { slow: 'done' } });
  await closing;
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});
