import { getIntrospectionQuery } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';

let bank: Bank;
afterEach(() => bank.close());

const nested = (depth: number): string => (depth === 0 ? 'id' : `parent { ${nested(depth - 1)} }`);
const aliases = (n: number, field: string) =>
  Array.from({ length: n }, (_, index) => `a${index}: ${field}`).join(' ');

test.each([
  ['deep', `{ accounts { ${nested(15)} } }`, 'depth limit'],
  ['repeated', `{ ${aliases(40, 'breaks')} }`, 'Aliases limit'],
  ['decorated', `{ breaks ${'@skip(if: false) '.repeat(40)} }`, 'Directives limit'],
  ['long', `{ ${'breaks '.repeat(2_100)} }`, 'tokens'],
  ['wordy', `{ breaks } # ${'blah '.repeat(8_000)}`, 'characters'],
  ['wide', `{ ${aliases(21, 'breaks')} }`, 'Root fields limit'],
  ['circular', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }', 'itself'],
])(
  'an operation that is too %s is refused before any subgraph is asked',
  async (_, query, reason) => {
    bank = await openBank();
    const { status, body } = await bank.query(query);
    expect(status).toBe(400);
    expect(body.errors[0].message).toContain(reason);
    expect(body.errors[0].extensions.code).toMatch(/^GRAPHQL_/);
    expect(bank.accounts.calls).toEqual([]);
  },
);

test('introspection answers where it is switched on, and only there', async () => {
  bank = await openBank();
  const off = await bank.query(getIntrospectionQuery());
  expect([off.status, off.body.errors[0].extensions.code]).toEqual([
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ]);
  await bank.close();
  bank = await openBank({ introspection: true });
  const on = await bank.query(getIntrospectionQuery());
  expect(on.status).toBe(200);
  expect(on.body.data.__schema.queryType).toEqual({ name: 'Query', kind: 'OBJECT' });
});
