import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeptBank } from './kept-bank.ts';
import { openKeptBank } from './kept-bank.ts';

let bank: KeptBank;
beforeEach(async () => {
  bank = await openKeptBank();
});
afterEach(() => bank.close());

const own = '{ accounts { id name } }';
const listed = '{ assets { id name } }';

const tell = (type: string, entities: readonly string[]) =>
  bank.shared.signals.publish(
    'events',
    JSON.stringify({ events: [{ type, aggregateId: 'e', eventId: 'e', entities }] }),
  );

/** What an answer says once it differs from `before`. */
async function changed(read: () => Promise<{ text: string }>, before: string): Promise<string> {
  for (const end = Date.now() + 10_000; ; ) {
    const { text } = await read();
    if (text !== before) return text;
    if (Date.now() > end) throw new Error('waited in vain');
  }
}

test('the same question on another instance asks no subgraph, and is the same bytes', async () => {
  const first = await bank.ask(own, { as: 'ann' });
  const again = await bank.ask(own, { as: 'ann', at: 1 });
  expect(first.body).toEqual({ data: { accounts: [{ id: 'a-ann', name: 'Main of ann' }] } });
  expect(again.text).toBe(first.text);
  expect(bank.truth.ran).toEqual(['accounts']);
});

test('two customers and a caller without a token never see what is another one’s', async () => {
  const ann = await bank.ask(own, { as: 'ann' });
  const bob = await bank.ask(own, { as: 'bob' });
  const nobody = await bank.ask(own);
  await bank.ask(own);
  expect([ann, bob, nobody].map(({ body }) => body.data.accounts[0].id)).toEqual([
    'a-ann',
    'a-bob',
    'a-nobody',
  ]);
  expect(bank.truth.ran).toEqual(['accounts', 'accounts', 'accounts', 'accounts']);
});

test('a field of any legal name is in the answer, kept or not', async () => {
  const query = '{ assets { __proto__: name constructor: price } }';
  const expected = '{"data":{"assets":[{"__proto__":"Abc Corp","constructor":5}]}}';
  const { text } = await bank.ask(query);
  expect([text, (await bank.ask(query)).text]).toEqual([expected, expected]);
});

test('what is public runs once for all, and once more for a mix with what is not', async () => {
  for (const as of ['ann', 'bob', undefined]) await bank.ask(listed, as ? { as } : {});
  expect(bank.truth.ran).toEqual(['assets']);
  const both = '{ assets { id } me { id } }';
  const answers = [await bank.ask(both, { as: 'ann' }), await bank.ask(both, { as: 'bob' })];
  expect(answers.map(({ body }) => body.data.me.id)).toEqual(['ann', 'bob']);
});

test('an answer keeps the shape and the order that was asked for, kept or not', async () => {
  const query = `query Shape($with: Boolean!) {
    second: assets { price title: name ...Bit }
    found {
      kind: __typename
      ... on Account { name owner { name } id }
      ... on Asset @include(if: $with) { name ...Bit }
    }
    first: accounts { owner { id } }
  }
  fragment Bit on Asset { id }`;
  const expected = {
    second: [{ price: 5, title: 'Abc Corp', id: 'x1' }],
    found: [
      { kind: 'Asset', name: 'Abc Corp', id: 'x1' },
      { kind: 'Account', name: 'Main of ann', owner: { name: 'ann' }, id: 'a-ann' },
    ],
    first: [{ owner: { id: 'ann' } }],
  };
  const text = JSON.stringify({ data: expected });
  for (const at of [0, 0, 1]) {
    const answer = await bank.ask(query, { as: 'ann', variables: { with: true }, at });
    expect(answer.text).toBe(text);
  }
  expect(bank.truth.ran.toSorted()).toEqual(['accounts', 'assets', 'found']);
  const without = await bank.ask(query, { as: 'ann', variables: { with: false } });
  expect(without.body.data.found[0]).toEqual({ kind: 'Asset' });
});

test('variables make another question only where they differ and are known', async () => {
  const query = 'query ($id: ID!) { account(id: $id) { name } }';
  const ask = (variables: object) => bank.ask(query, { as: 'ann', variables });
  await ask({ id: 'a-ann' });
  await ask({ other: 1, id: 'a-ann' });
  expect(bank.truth.ran).toEqual(['account']);
  expect((await ask({ id: 'a-bob' })).body).toEqual({ data: { account: null } });
  expect(bank.truth.ran).toEqual(['account', 'account']);
});

test('errors, half an answer and what no hint allows are never kept', async () => {
  for (const query of ['{ now }', '{ assets { id } now }', '{ half { value breaks } }']) {
    const [one, two] = [await bank.ask(query), await bank.ask(query)];
    expect([one, two].map(({ headers }) => headers.get('cache-control'))).toEqual([
      'no-store',
      'no-store',
    ]);
  }
  expect(bank.truth.ran.filter((name) => name === 'now')).toHaveLength(4);
  expect(bank.truth.ran.filter((name) => name === 'half')).toHaveLength(2);
  bank.truth.fails = true;
  expect((await bank.ask(listed)).body.errors).toHaveLength(1);
  bank.truth.fails = false;
  expect((await bank.ask(listed)).body).toEqual({
    data: { assets: [{ id: 'x1', name: 'Abc Corp' }] },
  });
});

test('after a change its author reads it on any instance, also one that failed', async () => {
  const rename = 'mutation ($n: String!) { rename(id: "a-ann", name: $n) { name } }';
  for (const [n, at] of [
    ['One', 0],
    ['Two', 1],
    ['Three', 0],
  ] as const) {
    for (const reader of [0, 1]) await bank.ask(own, { as: 'ann', at: reader });
    await bank.ask(rename, { as: 'ann', at, variables: { n } });
    for (const reader of [1, 0]) {
      const { body } = await bank.ask(own, { as: 'ann', at: reader });
      expect(body.data.accounts[0].name).toBe(`${n} of ann`);
    }
  }
  expect((await bank.ask('mutation { fail }', { as: 'ann' })).body.errors).toHaveLength(1);
  const { body } = await bank.ask(own, { as: 'ann', at: 1 });
  expect(body.data.accounts[0].name).toBe('Changed of ann');
});

test('a public answer from before their own change is not shown to its author', async () => {
  await bank.ask(listed, { as: 'ann' });
  bank.truth.assetName = 'New Corp';
  await bank.ask('mutation { rename(id: "a-ann", name: "x") { id } }', { as: 'ann' });
  const { body } = await bank.ask(listed, { as: 'ann', at: 1 });
  expect(body.data.assets[0].name).toBe('New Corp');
});

test('an event drops what tells of its entity, for everybody, and nothing else', async () => {
  const before = await bank.ask(own, { as: 'ann' });
  const bobs = await bank.ask(own, { as: 'bob' });
  bank.truth.accountName = 'Renamed';
  await tell('accounts.account-status-changed.v1', ['Account:a-ann']);
  const after = await changed(() => bank.ask(own, { as: 'ann', at: 1 }), before.text);
  expect(after).toContain('Renamed of ann');
  expect((await bank.ask(own, { as: 'bob' })).text).toBe(bobs.text);
});

test('a list learns of a new member by the event of its kind, an unknown id as well', async () => {
  const before = await bank.ask(listed);
  const unknown = await bank.ask('{ asset(id: "x2") { name } }');
  bank.truth.assets = ['x1', 'x2'];
  await tell('assets.quote-published.v1', ['Asset:x1']);
  expect((await bank.ask(listed)).text).toBe(before.text);
  await tell('assets.asset-updated.v1', ['Asset:x2']);
  expect(await changed(() => bank.ask(listed, { at: 1 }), before.text)).toContain('x2');
  const found = await changed(() => bank.ask('{ asset(id: "x2") { name } }'), unknown.text);
  expect(found).toContain('Abc Corp');
});

test('a list of the viewer’s own is dropped by an event that names only the viewer', async () => {
  const before = await bank.ask(own, { as: 'ann' });
  bank.truth.accountName = 'Opened';
  await tell('accounts.account-opened.v1', ['Account:a-new', 'Customer:ann']);
  expect(await changed(() => bank.ask(own, { as: 'ann' }), before.text)).toContain('Opened');
});

test('an unreadable signal drops nothing and breaks nothing', async () => {
  await bank.ask(own, { as: 'ann' });
  for (const text of ['', '{', '{"events":[1]}', '[]']) {
    await bank.shared.signals.publish('events', text);
  }
  await bank.ask(own, { as: 'ann' });
  expect(bank.truth.ran).toEqual(['accounts']);
});

test('equal reads at the same moment run once; others’ and changes never join', async () => {
  let open: () => void = () => undefined;
  bank.truth.gate = new Promise((resolve) => {
    open = resolve;
  });
  const rename = 'mutation { rename(id: "a", name: "Main") { id } }';
  const asked = [
    ...Array.from({ length: 10 }, () => bank.ask('{ now }', { as: 'ann' })),
    bank.ask('{ now }', { as: 'bob' }),
    bank.ask(rename, { as: 'bob' }),
    bank.ask(rename, { as: 'bob' }),
  ];
  for (const end = Date.now() + 10_000; bank.truth.ran.length < 4; ) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  open();
  const answers = await Promise.all(asked);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(bank.truth.ran.filter((name) => name === 'rename')).toHaveLength(2);
  const texts = new Set(answers.slice(0, 10).map(({ text }) => text));
  expect(bank.truth.ran.length).toBeLessThan(13);
  expect(texts.size).toBeLessThan(10);
});

test('who joined a run that failed is answered under their own request id', async () => {
  bank.truth.fails = true;
  const ids = ['story-1', 'story-2', 'story-3'];
  const answers = await Promise.all(
    ids.map((id) => bank.ask(listed, { headers: { 'x-request-id': id } })),
  );
  expect(answers.map(({ body }) => body.errors[0].extensions.requestId)).toEqual(ids);
});

test('a public GET may be kept by any HTTP cache, one with a token by its own', async () => {
  const open = await bank.ask('{ assets { id price } }', { method: 'GET' });
  expect(open.headers.get('cache-control')).toBe('public, max-age=120');
  expect(open.headers.get('vary')).toContain('authorization, cookie');
  expect(open.headers.get('age')).toBe('0');
  for (const query of [listed, own]) {
    const { headers } = await bank.ask(query, { method: 'GET', as: 'ann' });
    expect(headers.get('cache-control')).toBe('private, no-cache');
  }
  const changing = await bank.ask('mutation { rename(id: "a", name: "x") { id } }', { as: 'ann' });
  expect(changing.headers.get('cache-control')).toBe('no-store');
  expect(changing.headers.get('etag')).toBeNull();
});

test('a GET with the tag of these bytes is answered 304 without them', async () => {
  const first = await bank.ask(own, { method: 'GET', as: 'ann' });
  const etag = String(first.headers.get('etag'));
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  const asking = (tag: string) =>
    bank.ask(own, { method: 'GET', as: 'ann', at: 1, headers: { 'if-none-match': tag } });
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const same = await asking(tag);
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag]);
  }
  expect((await asking('"other"')).text).toBe(first.text);
  const bobs = await bank.ask(own, {
    method: 'GET',
    as: 'bob',
    headers: { 'if-none-match': etag },
  });
  expect([bobs.status, bobs.body.data.accounts[0].id]).toEqual([200, 'a-bob']);
});
