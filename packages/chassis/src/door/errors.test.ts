import { expect, test } from 'vitest';
import { alice, endLine, lines, useDoor } from '../../test/sample-door.ts';
import { innerText } from '../../test/sample-graph.ts';

const { ask } = await useDoor();

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

test('an unexpected error is masked; its errorId finds the one line with its stack', async () => {
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

test('one cause that breaks many fields is one error with one id', async () => {
  const { body } = await ask('{ many { id name } }');
  const ids = body.errors.map(
    ({ extensions }: { extensions: { errorId: string } }) => extensions.errorId,
  );
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  expect(lines().filter(({ error_id }) => error_id === ids[0])).toHaveLength(1);
});
