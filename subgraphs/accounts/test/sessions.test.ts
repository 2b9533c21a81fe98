import { randomUUID } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodPassword, resultOf } from './builders.ts';
import { anonymous, type Bank, principal, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const better = 'Better-Horse-8-Stable';

type Session = {
  readonly viewer: Viewer;
  readonly refreshToken: string;
  readonly sessionId: string;
};
type SignedIn = {
  readonly code?: string;
  readonly tokens?: { readonly accessToken: string; readonly refreshToken: string };
  readonly customer?: { readonly id: string };
};

async function signIn(email: string, password: string): Promise<SignedIn> {
  const text = `mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { tokens { accessToken refreshToken } customer { id } }
    ... on SignInRefusal { code } } }`;
  const answer = await bank.as(anonymous())(text, { input: { email, password } });
  return resultOf<SignedIn>(answer, 'signIn');
}

async function aSession(email: string, password = goodPassword): Promise<Session> {
  const { tokens, customer } = await signIn(email, password);
  if (!tokens || !customer) throw new Error(`${email} cannot sign in`);
  const sessionId = String(decodeJwt(tokens.accessToken)['sid']);
  const viewer = { ...principal(customer.id), sessionId };
  return { viewer, sessionId, refreshToken: tokens.refreshToken };
}

async function aPerson(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const text = `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }`;
  const input = { email, password: goodPassword, name: 'Alice' };
  await bank.as(anonymous())(text, { input });
  return email;
}

type Refreshed = { readonly code?: string; readonly tokens?: { readonly refreshToken: string } };

async function refresh(refreshToken: string): Promise<Refreshed> {
  const text = `mutation ($input: RefreshInput!) { refresh(input: $input) {
    ... on RefreshSuccess { tokens { refreshToken } } ... on RefreshRefusal { code } } }`;
  const answer = await bank.as(anonymous())(text, { input: { refreshToken } });
  return resultOf<Refreshed>(answer, 'refresh');
}

const isAlive = async ({ refreshToken }: Session) =>
  (await refresh(refreshToken)).tokens !== undefined;

async function changePassword({ viewer }: Session, input: object) {
  const text = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
    __typename ... on ChangePasswordRefusal { code } } }`;
  const answer = await bank.as(viewer)(text, { input });
  return resultOf<{ __typename: string; code?: string }>(answer, 'changePassword');
}

const success = { __typename: 'ChangePasswordSuccess' };
const change = { oldPassword: goodPassword, newPassword: better };

const toldOf = async ({ viewer }: Session, type: string) => {
  const customerId = viewer.kind === 'principal' ? viewer.customerId : '';
  const events = await bank.published(type);
  return events
    .map(({ payload }) => payload as { readonly customerId: string; readonly reason?: string })
    .filter((payload) => payload.customerId === customerId);
};

describe('changing the password', () => {
  test('the new one opens, the old one no more, and every other session ends', async () => {
    const email = await aPerson();
    const [here, there] = [await aSession(email), await aSession(email)];
    expect(await changePassword(here, change)).toEqual(success);
    expect([await isAlive(here), await isAlive(there)]).toEqual([true, false]);
    expect((await signIn(email, goodPassword)).code).toBe('INVALID_CREDENTIALS');
    expect((await signIn(email, better)).tokens).toBeDefined();
    expect(await toldOf(here, 'accounts.password-changed.v1')).toHaveLength(1);
    expect(await toldOf(here, 'accounts.tokens-revoked.v1')).toEqual([
      expect.objectContaining({
        sessionId: null,
        exceptSessionId: here.sessionId,
        reason: 'PASSWORD_CHANGED',
      }),
    ]);
  });

  test('a repeat with its key answers the same, although the old one is wrong by now', async () => {
    const session = await aSession(await aPerson());
    const input = { ...change, idempotencyKey: 'change' };
    expect(await changePassword(session, input)).toEqual(success);
    expect(await changePassword(session, input)).toEqual(success);
    expect(await toldOf(session, 'accounts.password-changed.v1')).toHaveLength(1);
  });

  test('of two changes at once one comes second and is refused', async () => {
    const session = await aSession(await aPerson());
    const answers = await Promise.all([
      changePassword(session, change),
      changePassword(session, { ...change, newPassword: 'Another-Horse-7-Barn' }),
    ]);
    expect(answers.map(({ code }) => code ?? 'done').toSorted()).toEqual([
      'INVALID_CREDENTIALS',
      'done',
    ]);
  });

  test('neither password is kept anywhere, not even as a quick hash of its own', async () => {
    const session = await aSession(await aPerson());
    await changePassword(session, { ...change, idempotencyKey: 'secret' });
    const kept = JSON.stringify([
      await bank.published(),
      bank.lines,
      await bank.deps.db.idempotencyKey.findMany(),
    ]);
    for (const password of [goodPassword, better]) expect(kept).not.toContain(password);
  });
});

describe('signing out', () => {
  test('everywhere ends every session, once, and tells so', async () => {
    const email = await aPerson();
    const sessions = [await aSession(email), await aSession(email), await aSession(email)];
    const [first] = sessions;
    if (!first) throw new Error('no session');
    const text = 'mutation { signOutEverywhere { sessions } }';
    expect((await bank.as(first.viewer)(text)).data).toEqual({
      signOutEverywhere: { sessions: 3 },
    });
    expect((await bank.as(first.viewer)(text)).data).toEqual({
      signOutEverywhere: { sessions: 0 },
    });
    expect(await Promise.all(sessions.map(isAlive))).toEqual([false, false, false]);
    expect((await toldOf(first, 'accounts.tokens-revoked.v1')).map(({ reason }) => reason)).toEqual(
      ['SIGNED_OUT_EVERYWHERE'],
    );
    const stranger = await bank.as(anonymous())(text);
    expect(stranger.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  test('here ends this session and tells which; signing in is told, too', async () => {
    const email = await aPerson();
    const [here, there] = [await aSession(email), await aSession(email)];
    const text = 'mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut } }';
    await bank.as(here.viewer)(text, { input: { refreshToken: here.refreshToken } });
    expect([await isAlive(here), await isAlive(there)]).toEqual([false, true]);
    expect(await toldOf(here, 'accounts.tokens-revoked.v1')).toEqual([
      expect.objectContaining({ sessionId: here.sessionId, reason: 'SIGNED_OUT' }),
    ]);
    expect(await toldOf(here, 'accounts.customer-signed-in.v1')).toEqual([
      expect.objectContaining({ sessionId: here.sessionId, channel: 'web' }),
      expect.objectContaining({ sessionId: there.sessionId, channel: 'web' }),
    ]);
  });
});

describe('sessions that ended long ago', () => {
  const dayMs = 86_400_000;
  const count = (sessionId: string) =>
    Promise.all([
      bank.deps.db.session.count({ where: { id: sessionId } }),
      bank.deps.db.refreshToken.count({ where: { sessionId } }),
    ]);

  test('are forgotten; a living family keeps every token and knows a stolen one', async () => {
    const email = await aPerson();
    const [ended, living] = [await aSession(email), await aSession(email)];
    const text = 'mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut } }';
    await bank.as(ended.viewer)(text, { input: { refreshToken: ended.refreshToken } });
    let token = living.refreshToken;
    for (let step = 0; step < 4; step++) {
      bank.clock.advance(20 * dayMs);
      token = (await refresh(token)).tokens?.refreshToken ?? '';
      await bank.runJob('drop-ended-sessions');
    }
    expect(await count(ended.sessionId)).toEqual([0, 0]);
    expect(await count(living.sessionId)).toEqual([1, 5]);
    expect((await refresh(living.refreshToken)).code).toBe('TOKEN_REUSED');
    expect((await refresh(token)).code).toBe('TOKEN_EXPIRED');
  });

  test('are forgotten in pages, also those that nobody ended', async () => {
    const email = await aPerson();
    const sessions = [await aSession(email), await aSession(email)];
    bank.clock.advance(59 * dayMs);
    await bank.runJob('drop-ended-sessions');
    expect(await count(sessions[0]?.sessionId ?? '')).toEqual([1, 1]);
    bank.clock.advance(2 * dayMs);
    await bank.runJob('drop-ended-sessions');
    expect(await count(sessions[1]?.sessionId ?? '')).toEqual([0, 0]);
    expect((await refresh(sessions[0]?.refreshToken ?? '')).code).toBe('TOKEN_EXPIRED');
  });
});
