import { describe, expect, test } from 'vitest';
import { addressProblems } from './addresses.ts';
import { copiedProblems } from './copied-fields.ts';
import { crossingProblems } from './crossing-fields.ts';
import { callProblems, wiringProblems } from './outbound-calls.ts';

describe('a field that crosses contexts is nullable', () => {
  const ownerOf = new Map([
    ['Order', 'orders'],
    ['Account', 'accounts'],
  ]);
  const problems = (orders: string, excused = {}) =>
    crossingProblems({ schemas: { orders }, ownerOf, excused });
  const own = 'type Order @key(fields: "id") { id: ID! number: String! twin: Order! }';
  const account = (fields: string) => `${own}
    type Account @key(fields: "id") { id: ID! balance: Int! @external ${fields} }`;

  test('what is nullable, a key, a context of one, or asked for to compute, passes', () => {
    expect(problems(account('orders: [Order!] plan: Int'))).toEqual([]);
  });

  test.each([
    ['added to it', account('orders: [Order!]!'), 'Account.orders'],
    ['added in another file', `${account('')} extend type Account { plan: Int! }`, 'Account.plan'],
    ['returned', account('').replace('number: String!', 'account: Account!'), 'Order.account'],
    ['returned in a list', `${account('')} type Page { of: [Account]! }`, 'Page.of'],
  ])('a field of an entity of another context that is %s and never null is found', (...row) => {
    const [, schema, field] = row;
    expect(problems(schema)).toEqual([`orders: ${field} crosses contexts and must be nullable`]);
    expect(problems(schema, { [`orders: ${field}`]: 'a fixed name' })).toEqual([]);
  });

  test('an excuse that nothing needs any more is found', () => {
    expect(problems(account(''), { 'orders: Account.orders': 'a fixed name' })).toEqual([
      'orders: Account.orders is excused in vain',
    ]);
  });
});

describe('a copied price tells its age', () => {
  const shown = { holdings: { aged: ['Holding'], within: { Part: 'Holding' }, facts: ['Fill'] } };
  const problems = (more: string, marks = 'asOf: DateTime isStale: Boolean!') =>
    copiedProblems(
      {
        holdings: `type Holding { value: Money ${marks} } type Part { share: Decimal }
          type Fill { price: Money! } ${more}`,
      },
      shown,
    );

  test('a type that bears asOf and says whether it is stale passes', () => {
    expect(problems('')).toEqual([]);
    expect(problems('', 'asOf: DateTime degraded: Boolean!')).toEqual([]);
  });

  test('a copy without asOf, or without saying when it is stale, is found', () => {
    expect(problems('', 'isStale: Boolean!')).toEqual([
      'holdings: Holding shows a copy without asOf',
    ]);
    expect(problems('', 'asOf: DateTime')).toEqual([
      'holdings: Holding shows a copy without isStale or degraded',
    ]);
  });

  test('a new type with prices must be called a copy or a fact', () => {
    expect(problems('type Wish { limitPrice: Decimal }')).toEqual([
      'holdings: Wish tells prices: are they copies or facts?',
    ]);
  });
});

describe('no address of a collaborator stands in source', () => {
  const file = 'subgraphs/orders/src/deps.ts';
  const problems = (text: string, path = file) => addressProblems({ [path]: text }, {});

  test('comments, times of day, names of modules and an own default port pass', () => {
    const text = `// see http://accounts:4101
      import { createServer } from 'node:http';
      const at = 'T00:00'; const url = \`\${base}/graphql\`; const fieldsMax = 4096;`;
    expect(problems(text)).toEqual([]);
    const config = 'const shape = { ORDERS_PORT: port.default(4102) };';
    expect(problems(config, 'subgraphs/orders/src/config.ts')).toEqual([]);
  });

  test.each([
    ["const url = 'http://accounts';", 'http://accounts'],
    ['const url = `redis://cache/0`;', 'redis://cache/0'],
    ["const host = '10.0.0.7';", '10.0.0.7'],
    ["connect('localhost');", 'localhost'],
    ["const peer = 'accounts:4101';", 'accounts:4101'],
    ['const accountsPort = 4101;', 'accountsPort 4101'],
    ['listen({ port: 4_101 });', 'port 4_101'],
    ['const shape = { ACCOUNTS_PORT: port.default(4101) };', 'ACCOUNTS_PORT 4101'],
  ])('%s is found', (text, address) => {
    expect(problems(text)).toEqual([`${file}: ${address} stands in source`]);
    expect(addressProblems({ [file]: text }, { [file]: [address] })).toEqual([]);
  });

  test('an excuse that nothing needs any more is found', () => {
    expect(addressProblems({ [file]: '' }, { [file]: ['localhost'] })).toEqual([
      `${file}: localhost is excused in vain`,
    ]);
  });
});

describe('subgraphs call no subgraph, and gateways no gateway', () => {
  const file = 'subgraphs/orders/src/commands/place.ts';
  const why = 'contexts tell each other by events';

  test.each([
    ['await fetch(url);', 'calls fetch'],
    ['await globalThis.fetch(url);', 'calls fetch'],
    ['const socket = new WebSocket(url);', 'calls WebSocket'],
    ["import { request } from 'node:http';", 'imports request of node:http'],
    ["import * as net from 'net';", 'imports * of net'],
    ["import { Pool } from 'undici';", 'imports Pool of undici'],
    [
      "import { createOutbound } from '@simplebank/chassis/outbound';",
      'imports createOutbound of @simplebank/chassis/outbound',
    ],
  ])('%s in a subgraph is found', (text, what) => {
    expect(callProblems({ [file]: text }, {})).toEqual([`${file} ${what}: ${why}`]);
    expect(callProblems({ [file]: text }, { [file]: 'for a reason' })).toEqual([]);
  });

  test('types, names of errors and helpers that call nobody pass', () => {
    const text = `import type { IncomingMessage } from 'node:http';
      import { isIP } from 'node:net';
      import { OutboundError } from '@simplebank/chassis/outbound';`;
    expect(callProblems({ [file]: text }, {})).toEqual([]);
  });

  test('leave to call out that nobody uses is found', () => {
    expect(callProblems({ [file]: '' }, { [file]: 'for a reason' })).toHaveLength(1);
  });

  test('whoever reads an address of somebody whom it may not call is found', () => {
    const process = (name: string, isGateway: boolean, ...variables: string[]) => ({
      ...{ name, isGateway, variables },
    });
    const accounts = process('accounts', false, 'ACCOUNTS_DATABASE_URL', 'REDIS_URL');
    const web = process('web', true, 'ACCOUNTS_URL', 'ORDERS_URL', 'ROLLUP_OPERATIONS_URLS');
    expect(wiringProblems([accounts, web, process('orders', false)])).toEqual([]);
    expect(
      wiringProblems([
        accounts,
        process('orders', false, 'ACCOUNTS_URL', 'WEB_URL'),
        process('web', true, 'MOBILE_URL'),
        process('mobile', true),
      ]),
    ).toEqual([
      'orders reads ACCOUNTS_URL: it may not call accounts',
      'orders reads WEB_URL: it may not call web',
      'web reads MOBILE_URL: it may not call mobile',
    ]);
  });
});
