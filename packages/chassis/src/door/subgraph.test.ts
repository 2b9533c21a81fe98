import { expect, test } from 'vitest';
import { alice, post, serve, signer, useDoor } from '../../test/sample-door.ts';
import { held, runs } from '../../test/sample-graph.ts';
import { assertionHeader, type Viewer } from './auth.ts';

const { door, ask } = await useDoor();

test('without a valid assertion for it the door answers 401 and runs no query', async () => {
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
    const answer = await post(door, { body, headers });
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

test('a subscription is refused: a subgraph tells nothing live', async () => {
  const { status, body } = await ask('subscription Follow { bought }');
  expect([status, body]).toEqual([
    400,
    {
      errors: [
        { message: 'Live updates are told by the gateways.', extensions: { code: 'BAD_INPUT' } },
      ],
    },
  ]);
});

test('no answer may be kept on its way, nor a refusal', async () => {
  expect((await ask('{ whoAmI }')).headers.get('cache-control')).toBe('no-store');
  const refused = await post(door, { body: '{"query":"{ whoAmI }"}', headers: {} });
  expect([refused.status, refused.headers.get('cache-control')]).toEqual([401, 'no-store']);
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

test('a well-formed request id is taken over as correlation id, another is replaced', async () => {
  const kept = await ask('{ requestId }', { headers: { 'x-request-id': 'demo-1.a_B' } });
  expect(kept.headers.get('x-request-id')).toBe('demo-1.a_B');
  expect(kept.body).toEqual({ data: { requestId: 'demo-1.a_B' } });

  const made = await ask('{ requestId }', { headers: { 'x-request-id': 'a b\tc' } });
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(made.body.data.requestId).toBe(made.headers.get('x-request-id'));
});

test('a trace context travels on, and a new one takes the place of a malformed one', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect((await ask('{ trace }', { headers: { traceparent } })).body).toEqual({
    data: { trace: traceparent },
  });
  const { body } = await ask('{ trace }', { headers: { traceparent: 'x' } });
  expect(body).toEqual({ data: { trace: expect.stringMatching(/^00-[0-9a-f]{32}-/) } });
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

test('closing finishes the running request, soon takes no new one, and is done then', async () => {
  const own = await serve();
  await own.start();
  expect(await own.ready()).toBe(true);
  const headers = { [assertionHeader]: await signer.sign(alice, 'orders') };
  const running = post(own, { body: '{"query":"{ slow }"}', headers });
  await expect.poll(() => runs).toContain('slow');

  const startedAt = performance.now();
  const closing = own.close();
  expect(await own.ready()).toBe(false);
  // What had reached the machine before is still answered, on connections that end with it.
  const ask = () =>
    fetch(`${own.url}/keys`).then(
      ({ headers: told }) => told.get('connection'),
      () => 'refused',
    );
  expect(['close', 'refused']).toContain(await ask());
  await expect.poll(ask).toBe('refused');
  held.release();
  expect((await running).body).toEqual({ data: { slow: 'done' } });
  await closing;
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});
