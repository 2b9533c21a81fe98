import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { explorer } from '../src/explorer.ts';

const schema = readFileSync(
  new URL('../../../docs/schema/federation.graphql', import.meta.url),
  'utf8',
);

test('what the explorer opens with runs as it stands, without a secret in the address', () => {
  const document = parse(explorer.defaultQuery);
  const errors = validate(buildSchema(schema), document);
  expect(errors.map(({ message }) => message)).toEqual([]);
  expect(explorer.defaultQuery).not.toContain('password:');
  expect(JSON.parse(explorer.defaultVariables)).toEqual({ input: { email: '', password: '' } });
});
