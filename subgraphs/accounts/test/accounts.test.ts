import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCustomer, anAccount, resultOf } from './builders.ts';
import { anonymous, type Bank, operations, principal, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const openAccount = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) {
  __typename
  ... on OpenAccountSuccess { account { id number name currency status } }
  ... on OpenAccountRefusal { code } } }`;

type Opened = { readonly account: { readonly id: string; readonly number: string } };

describe('opening an account', () => {
  test('it waits to be submitted, has no money, is announced with number and owners', async () => {
    const { id, viewer } = await aCustomer(bank);
    const input = { name: ' Savings ', idempotencyKey: 'first' };
    const answer = await bank.as(viewer)(openAccount, { input });
    const { account } = resultOf<Opened>(answer, 'openAccount');
    expect(answer.data).toEqual({
      openAccount: {
        __typename: 'OpenAccountSuccess',
        account: { ...account, name: 'Savings', currency: 'USD', status: 'ONBOARDING' },
      },
    });
    const [event] = (await bank.published('accounts.account-opened.v1')).slice(-1);
    expect([event?.aggregateId, event?.aggregateVersion, event?.payload]).toEqual([
      account.id,
      1,
      {
        accountId: account.id,
        number: account.number,
        ownerIds: [id],
        currency: 'USD',
        status: 'ONBOARDING',
      },
    ]);
    const zero = { amount: '0.00', currency: 'USD' };
    const shown = await bank.as(viewer)(
      `{ accounts { id balances { posted { amount currency } debt { amount currency } }
           activities { nodes { kind status amount { amount currency } }
                        pageInfo { hasNextPage } } } }`,
    );
    expect(shown).toEqual({
      data: {
        accounts: [
          {
            id: account.id,
            balances: { posted: zero, debt: zero },
            activities: {
              nodes: [{ kind: 'ACCOUNT_STATE', status: 'ONBOARDING', amount: zero }],
              pageInfo: { hasNextPage: false },
            },
          },
        ],
      },
    });
  });

  test('100 equal requests at once make one account and get 100 equal answers', async () => {
    const { id, viewer } = await aCustomer(bank);
    const input = { name: 'Once', idempotencyKey: 'hundred' };
    const ask = bank.as(viewer);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ask(openAccount, { input })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.errors).toBeUndefined();
    expect(await bank.deps.db.accountOwner.count({ where: { customerId: id } })).toBe(1);
  });

  test('a key that was used for something else is refused', async () => {
    const { viewer } = await aCustomer(bank);
    await bank.as(viewer)(openAccount, { input: { name: 'A', idempotencyKey: 'key' } });
    const input = { name: 'B', idempotencyKey: 'key' };
    expect((await bank.as(viewer)(openAccount, { input })).data).toEqual({
      openAccount: { __typename: 'OpenAccountRefusal', code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  test('a refused request leaves its key free', async () => {
    const { id, viewer } = await aCustomer(bank);
    const input = { name: 'Joint', ownerIds: [id, randomUUID()], idempotencyKey: 'again' };
    expect((await bank.as(viewer)(openAccount, { input })).data).toEqual({
      openAccount: { __typename: 'OpenAccountRefusal', code: 'OWNER_NOT_FOUND' },
    });
    const bob = await aCustomer(bank, 'Bob');
    const right = { ...input, ownerIds: [id, bob.id] };
    expect((await bank.as(viewer)(openAccount, { input: right })).data).toMatchObject({
      openAccount: { __typename: 'OpenAccountSuccess' },
    });
    const seen = await bank.as(bob.viewer)('{ accounts { name } }');
    expect(seen.data).toEqual({ accounts: [{ name: 'Joint' }] });
  });

  test('an unknown currency and the 21st account are refused', async () => {
    const { viewer } = await aCustomer(bank);
    const ask = (input: object) => bank.as(viewer)(openAccount, { input });
    expect((await ask({ name: 'X', currency: 'JPY', idempotencyKey: 'x' })).data).toEqual({
      openAccount: { __typename: 'OpenAccountRefusal', code: 'CURRENCY_NOT_SUPPORTED' },
    });
    const keys = Array.from({ length: 21 }, (_, index) => `n${index}`);
    const answers = await Promise.all(keys.map((key) => ask({ name: key, idempotencyKey: key })));
    const refused = answers.filter(({ data }) =>
      JSON.stringify(data).includes('TOO_MANY_ACCOUNTS'),
    );
    expect(refused).toHaveLength(1);
  });

  test('a blank name, a key with control characters and a stranger are told why', async () => {
    const { viewer } = await aCustomer(bank);
    const blank = await bank.as(viewer)(openAccount, { input: { name: ' ', idempotencyKey: 'k' } });
    expect(blank.errors?.[0]?.extensions).toEqual({ code: 'BAD_INPUT', field: 'input.name' });
    const key = await bank.as(viewer)(openAccount, { input: { name: 'A', idempotencyKey: '\n' } });
    expect(key.errors?.[0]?.extensions).toEqual({
      code: 'BAD_INPUT',
      field: 'input.idempotencyKey',
    });
    const input = { name: 'A', idempotencyKey: 'k' };
    const stranger = await bank.as(anonymous())(openAccount, { input });
    expect(stranger.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });
});

describe('seeing an account', () => {
  const query = 'query ($id: ID!) { account(id: $id) { id } }';

  test('its owner and staff find it by UUID and number; to others there is none', async () => {
    const { id, number, viewer } = await anAccount(bank);
    const mallory = await aCustomer(bank, 'Mallory');
    for (const [who, found] of [
      [viewer, { id }],
      [operations, { id }],
      [mallory.viewer, null],
      [anonymous(), null],
      [principal('not-a-uuid'), null],
    ] as const) {
      const byId = await bank.as(who)(query, { id });
      const byNumber = await bank.as(who)(query, { id: number });
      expect([byId.data, byNumber.data]).toEqual([{ account: found }, { account: found }]);
    }
  });

  test('a caller without a token is nobody: refused, and not told of an empty place', async () => {
    const { id } = await anAccount(bank);
    for (const text of [
      query,
      'query ($id: ID!) { payment(id: $id) { id } }',
      'query ($id: ID!) { statement(accountId: $id, month: "2026-09") { id } }',
    ]) {
      const { errors } = await bank.as(anonymous())(text, { id });
      expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
    }
  });

  test.each(['', 'abc', '0', '-1', '9'.repeat(30)])('the id %j finds nothing', async (id) => {
    expect((await bank.as(operations)(query, { id })).data).toEqual({ account: null });
  });

  test('entities of the graph follow the same sight, many in one question', async () => {
    const mine = await anAccount(bank);
    const theirs = await anAccount(bank);
    const answer = await bank.as(mine.viewer)(
      `query ($representations: [_Any!]!) {
         _entities(representations: $representations) { ... on Account { id } } }`,
      {
        representations: [mine.id, theirs.id, 'nonsense'].map((id) => ({
          __typename: 'Account',
          id,
        })),
      },
    );
    expect(answer.data).toEqual({ _entities: [{ id: mine.id }, null, null] });
  });
});

describe('renaming', () => {
  const rename = `mutation ($input: RenameAccountInput!) { renameAccount(input: $input) {
    ... on RenameAccountSuccess { account { name } } } }`;

  test('an owner renames their account; another customer finds none', async () => {
    const account = await anAccount(bank);
    const input = { accountId: account.number, name: 'Holiday' };
    expect((await bank.as(account.viewer)(rename, { input })).data).toEqual({
      renameAccount: { account: { name: 'Holiday' } },
    });
    const mallory = await aCustomer(bank, 'Mallory');
    const { errors } = await bank.as(mallory.viewer)(rename, { input });
    expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.accountId' });
  });

  test('needs no key, but an empty one is none', async () => {
    const { id: accountId, viewer } = await anAccount(bank);
    const input = { accountId, name: 'Holiday', idempotencyKey: '' };
    const { errors } = await bank.as(viewer)(rename, { input });
    const field = 'input.idempotencyKey';
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_INPUT', field });
  });
});

describe('freezing', () => {
  const change = (verb: 'freeze' | 'unfreeze') => {
    const name = verb === 'freeze' ? 'Freeze' : 'Unfreeze';
    return `mutation ($input: ${name}AccountInput!) { ${verb}Account(input: $input) {
      ... on ${name}AccountSuccess { account { status } }
      ... on ${name}AccountRefusal { code } } }`;
  };

  test('operations freezes and unfreezes, with a reason that the audit keeps', async () => {
    const { id } = await anAccount(bank);
    const input = { accountId: id, reason: 'court order' };
    const ask = bank.as(operations);
    expect((await ask(change('freeze'), { input })).data).toEqual({
      freezeAccount: { account: { status: 'FROZEN' } },
    });
    expect((await ask(change('freeze'), { input })).data).toEqual({
      freezeAccount: { code: 'ACCOUNT_STATUS' },
    });
    expect((await ask(change('unfreeze'), { input })).data).toEqual({
      unfreezeAccount: { account: { status: 'ACTIVE' } },
    });
    const events = await bank.published('accounts.account-status-changed.v1');
    const told = events
      .filter(({ aggregateId }) => aggregateId === id)
      .map(({ aggregateVersion, payload }) => [aggregateVersion, payload]);
    const copy = { accountId: id, status: 'FROZEN', reason: 'court order' };
    expect(told.slice(-2)).toEqual([
      [4, expect.objectContaining(copy)],
      [5, expect.objectContaining({ ...copy, status: 'ACTIVE' })],
    ]);
    const rows = await bank.deps.db.audit.findMany({
      where: { subject: id, reason: 'court order' },
    });
    expect(rows.map(({ command, role, outcome }) => [command, role, outcome])).toEqual([
      ['freezeAccount', 'operations', 'DONE'],
      ['unfreezeAccount', 'operations', 'DONE'],
    ]);
  });

  test('a customer and support may not freeze', async () => {
    const { id, viewer } = await anAccount(bank);
    const support = principal('00000000-0000-4000-8000-00000000000b', 'support');
    for (const who of [viewer, support]) {
      const { errors } = await bank.as(who)(change('freeze'), {
        input: { accountId: id, reason: 'because' },
      });
      expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
    }
  });
});
