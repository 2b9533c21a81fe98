import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPasswords } from '../src/identity/index.ts';
import { goodPassword, resultOf } from './builders.ts';
import { anonymous, type Bank, operations, principal, service, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const signUp = (email: string, password = goodPassword, name = 'Alice') =>
  bank.as(anonymous())(
    `mutation ($input: SignUpInput!) { signUp(input: $input) {
       __typename ... on SignUpSuccess { email } ... on SignUpRefusal { code } } }`,
    { input: { email, password, name } },
  );

type Tokens = { readonly accessToken: string; readonly refreshToken: string };
type SignedIn = {
  readonly __typename: string;
  readonly code?: string;
  readonly tokens?: Tokens;
  readonly customer?: { readonly id: string };
};

async function signIn(email: string, password = goodPassword, viewer = anonymous()) {
  const answer = await bank.as(viewer)(
    `mutation ($input: SignInInput!) { signIn(input: $input) {
       __typename
       ... on SignInSuccess { tokens { accessToken refreshToken } customer { id email roles } }
       ... on SignInRefusal { code } } }`,
    { input: { email, password } },
  );
  return resultOf<SignedIn>(answer, 'signIn');
}

async function tokensOf(email: string): Promise<Tokens> {
  const { tokens } = await signIn(email);
  if (!tokens) throw new Error(`${email} cannot sign in`);
  return tokens;
}

async function refresh(refreshToken: string, viewer = anonymous()) {
  const answer = await bank.as(viewer)(
    `mutation ($input: RefreshInput!) { refresh(input: $input) {
       ... on RefreshSuccess { tokens { accessToken refreshToken } }
       ... on RefreshRefusal { code } } }`,
    { input: { refreshToken } },
  );
  return resultOf<{ tokens?: Tokens; code?: string }>(answer, 'refresh');
}

async function verify(token: string, audience: string) {
  const response = await fetch(`${bank.url}/.well-known/jwks.json`);
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  return jwtVerify(token, keys, {
    issuer: 'simplebank-accounts',
    audience,
    currentDate: bank.clock.now(),
  });
}

describe('signing up', () => {
  test('a new customer gets a number and is announced', async () => {
    expect(await signUp('New@Example.com')).toEqual({
      data: { signUp: { __typename: 'SignUpSuccess', email: 'new@example.com' } },
    });
    const [event] = (await bank.published('accounts.customer-registered.v1')).slice(-1);
    const identity = await bank.deps.db.identity.findUniqueOrThrow({
      where: { email: 'new@example.com' },
      include: { customer: true },
    });
    expect(event?.payload).toEqual({
      customerId: identity.id,
      number: String(identity.customer?.number),
      name: 'Alice',
      email: 'new@example.com',
    });
    expect(identity.passwordHash).toMatch(/^scrypt\$10\$8\$1\$/);
  });

  test('a taken email gets the same answer, changes nothing and is told to its owner', async () => {
    const first = await signUp('taken@example.com');
    const before = await bank.published();
    expect(await signUp('taken@example.com', 'Another-Good-Password-7', 'Mallory')).toEqual(first);
    const told = (await bank.published()).slice(before.length);
    expect(told.map(({ type }) => type)).toEqual(['accounts.sign-up-repeated.v1']);
    expect((await signIn('taken@example.com')).__typename).toBe('SignInSuccess');
  });

  test.each(['short', 'password1234', 'alice@example.com', 'qwertyuiop123!', 'Passw0rd!!!!'])(
    'the password %s is refused and leaves nothing behind',
    async (password) => {
      const before = await bank.published();
      expect((await signUp('alice@example.com', password)).data).toEqual({
        signUp: { __typename: 'SignUpRefusal', code: 'PASSWORD_TOO_WEAK' },
      });
      expect(await bank.published()).toEqual(before);
    },
  );

  test('an address that is none is bad input that names its field', async () => {
    const { data, errors } = await signUp('nobody');
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_INPUT', field: 'input.email' });
  });
});

describe('signing in', () => {
  test('an access token is for one channel and 15 minutes, by the public keys', async () => {
    await signUp('carol@example.com');
    const { tokens, customer } = await signIn('Carol@example.com');
    const { payload, protectedHeader } = await verify(tokens?.accessToken ?? '', 'simplebank-web');
    const now = Math.floor(bank.clock.now().getTime() / 1000);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'test-key', typ: 'at+jwt' });
    expect(payload).toEqual({
      iss: 'simplebank-accounts',
      aud: 'simplebank-web',
      sub: customer?.id,
      roles: ['customer'],
      sid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: now,
      nbf: now,
      exp: now + 900,
    });
    await expect(verify(tokens?.accessToken ?? '', 'simplebank-mobile')).rejects.toThrow('aud');
    bank.clock.advance(901_000);
    await expect(verify(tokens?.accessToken ?? '', 'simplebank-web')).rejects.toThrow('exp');
  });

  test('public keys hold no private part', async () => {
    const response = await fetch(`${bank.url}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: object[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ]);
  });

  test('a wrong password and an unknown email get the same answer', async () => {
    await signUp('dave@example.com');
    const refusal = { __typename: 'SignInRefusal', code: 'INVALID_CREDENTIALS' };
    expect(await signIn('dave@example.com', 'Wrong-Password-1234')).toEqual(refusal);
    expect(await signIn('nobody@example.com', 'Wrong-Password-1234')).toEqual(refusal);
  });

  test('ten failures in 15 minutes close an email, known or not, even at once', async () => {
    for (const email of ['erin@example.com', 'ghost@example.com']) {
      if (email.startsWith('erin')) await signUp(email);
      const tries = Array.from({ length: 14 }, () => signIn(email, 'Wrong-Password-1234'));
      const codes = (await Promise.all(tries)).map(({ code }) => code).sort();
      expect(codes).toEqual([
        ...Array(10).fill('INVALID_CREDENTIALS'),
        ...Array(4).fill('TOO_MANY_ATTEMPTS'),
      ]);
      expect((await signIn(email)).code).toBe('TOO_MANY_ATTEMPTS');
    }
    bank.clock.advance(15 * 60_000 + 1);
    expect((await signIn('erin@example.com')).__typename).toBe('SignInSuccess');
  });

  test('me says who is signed in; nobody is null', async () => {
    await signUp('frank@example.com', goodPassword, 'Frank');
    const { customer } = await signIn('frank@example.com');
    const query = '{ me { id name email roles } }';
    const frank = principal(customer?.id ?? '');
    expect((await bank.as(frank)(query)).data).toEqual({
      me: { id: customer?.id, name: 'Frank', email: 'frank@example.com', roles: ['CUSTOMER'] },
    });
    expect((await bank.as(anonymous())(query)).data).toEqual({ me: null });
  });
});

test('a hash of weaker parameters is made anew when its owner signs in', async () => {
  const email = 'kate@example.com';
  await signUp(email);
  const passwordHash = await createPasswords({ cost: 9 }).hash(goodPassword);
  await bank.deps.db.identity.update({ where: { email }, data: { passwordHash } });
  expect((await signIn(email)).__typename).toBe('SignInSuccess');
  const row = await bank.deps.db.identity.findUniqueOrThrow({ where: { email } });
  expect(row.passwordHash).toMatch(/^scrypt\$10\$/);
  expect((await signIn(email)).__typename).toBe('SignInSuccess');
});

describe('refreshing', () => {
  test('a refresh token is good once; a second use ends the whole session', async () => {
    await signUp('grace@example.com');
    const first = await tokensOf('grace@example.com');
    const second = (await refresh(first.refreshToken)).tokens;
    expect(second?.refreshToken).not.toBe(first.refreshToken);
    bank.clock.advance(5_000);
    expect(await refresh(first.refreshToken)).toEqual({ code: 'TOKEN_REUSED' });
    expect(await refresh(second?.refreshToken ?? '')).toEqual({ code: 'TOKEN_EXPIRED' });
  });

  test('tabs that refresh at once: one gets tokens, the others are told, none is out', async () => {
    await signUp('henry@example.com');
    const { refreshToken } = await tokensOf('henry@example.com');
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken)));
    const lost = answers.filter(({ tokens }) => !tokens);
    expect(lost).toEqual(Array(4).fill({ code: 'TOKEN_JUST_USED' }));
    const won = answers.find(({ tokens }) => tokens)?.tokens?.refreshToken ?? '';
    bank.clock.advance(4_999);
    expect(await refresh(refreshToken)).toEqual({ code: 'TOKEN_JUST_USED' });
    bank.clock.advance(1);
    expect(await refresh(refreshToken)).toEqual({ code: 'TOKEN_REUSED' });
    expect(await refresh(won)).toEqual({ code: 'TOKEN_EXPIRED' });
  });

  test('elsewhere than in browsers two uses at once end the family, and it is told', async () => {
    await signUp('hugo@example.com');
    const staff = anonymous('federation');
    const { tokens, customer } = await signIn('hugo@example.com', goodPassword, staff);
    const token = tokens?.refreshToken ?? '';
    const answers = await Promise.all([refresh(token, staff), refresh(token, staff)]);
    expect(answers.filter(({ code }) => code === 'TOKEN_REUSED')).toHaveLength(1);
    const won = answers.find((answer) => answer.tokens)?.tokens?.refreshToken ?? '';
    expect(await refresh(won, staff)).toEqual({ code: 'TOKEN_EXPIRED' });
    const told = await bank.published('accounts.session-compromised.v1');
    expect(told.map(({ payload }) => payload)).toContainEqual({
      ...{ customerId: customer?.id, sessionId: expect.any(String) },
      ...{ channel: 'federation', reason: 'TOKEN_REUSED' },
    });
  });

  test('a token of one channel, an unknown one and one of 31 days are expired', async () => {
    await signUp('iris@example.com');
    const { refreshToken } = await tokensOf('iris@example.com');
    const expired = { code: 'TOKEN_EXPIRED' };
    expect(await refresh(refreshToken, anonymous('mobile'))).toEqual(expired);
    expect(await refresh('unknown')).toEqual(expired);
    bank.clock.advance(31 * 86_400_000);
    expect(await refresh(refreshToken)).toEqual(expired);
  });

  test('signing out ends the session, and tells nothing about unknown tokens', async () => {
    await signUp('jack@example.com');
    const { refreshToken } = await tokensOf('jack@example.com');
    const signOut = (token: string) =>
      bank.as(anonymous())(
        `mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut } }`,
        { input: { refreshToken: token } },
      );
    const done = { data: { signOut: { signedOut: true } } };
    expect([await signOut(refreshToken), await signOut('unknown')]).toEqual([done, done]);
    expect(await refresh(refreshToken)).toEqual({ code: 'TOKEN_EXPIRED' });
  });
});

describe('staff', () => {
  const mutation = `mutation ($input: RegisterStaffInput!) { registerStaff(input: $input) {
    __typename
    ... on RegisterStaffSuccess { staff { email number roles } }
    ... on RegisterStaffRefusal { code } } }`;
  const input = {
    email: 'staff@example.com',
    password: goodPassword,
    name: 'Sam',
    roles: ['OPERATIONS', 'SUPPORT'],
    reason: 'first member of staff',
    idempotencyKey: 'staff-1',
  };

  test('a service registers staff, who are no customers; a repeat answers the same', async () => {
    const success = {
      data: {
        registerStaff: {
          __typename: 'RegisterStaffSuccess',
          staff: { email: 'staff@example.com', number: null, roles: ['OPERATIONS', 'SUPPORT'] },
        },
      },
    };
    expect(await bank.as(service)(mutation, { input })).toEqual(success);
    expect(await bank.as(service)(mutation, { input })).toEqual(success);
    const other = { ...input, idempotencyKey: 'staff-2' };
    expect((await bank.as(operations)(mutation, { input: other })).data).toEqual({
      registerStaff: { __typename: 'RegisterStaffRefusal', code: 'EMAIL_TAKEN' },
    });
    // Whoever asks with another password must not believe that it is the one in force.
    const another = { ...input, password: 'Another-Horse-7-Barn' };
    expect((await bank.as(service)(mutation, { input: another })).data).toEqual({
      registerStaff: { __typename: 'RegisterStaffRefusal', code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const rows = await bank.deps.db.audit.findMany({ where: { command: 'registerStaff' } });
    expect(rows.map(({ actor, role, reason }) => ({ actor, role, reason }))).toEqual([
      { actor: 'orders', role: 'service', reason: 'first member of staff' },
    ]);
  });

  test('a customer may not register staff', async () => {
    const { errors } = await bank.as(principal('00000000-0000-4000-8000-000000000001'))(mutation, {
      input,
    });
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
  });
});
