import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, resultOf } from './builders.ts';
import { anonymous, type Bank, startBank } from './support/bank.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await startBank();
});
afterAll(() => bank.stop());

const ask = (text: string, input: object) => bank.as(anonymous())(text, { input });

type Tokens = { readonly accessToken: string; readonly refreshToken: string };

async function aSession() {
  const email = `${randomUUID()}@example.com`;
  const person = { email, password: goodPassword, name: 'Alice' };
  await ask('mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }', person);
  const text = `mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { tokens { accessToken refreshToken } } } }`;
  const answer = await ask(text, { email, password: goodPassword });
  const { tokens } = resultOf<{ tokens: Tokens }>(answer, 'signIn');
  return { sid: String(decodeJwt(tokens.accessToken)['sid']), ...tokens };
}

const rotate = (refreshToken: string) =>
  ask('mutation ($input: RefreshInput!) { refresh(input: $input) { __typename } }', {
    refreshToken,
  });

const told = async () => {
  const response = await fetch(`${bank.url}/.well-known/revoked-sessions`);
  return ((await response.json()) as { sessions: readonly string[] }).sessions;
};

test('gateways are told which sessions ended while a token of theirs may be good', async () => {
  const [mine, stolen, alive] = [await aSession(), await aSession(), await aSession()];
  expect(await told()).toEqual([]);

  const signOut = 'mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut } }';
  await ask(signOut, { refreshToken: mine.refreshToken });
  await rotate(stolen.refreshToken);
  bank.clock.advance(5_000); // what follows is no race of two tabs
  await rotate(stolen.refreshToken);
  await rotate(alive.refreshToken);
  expect((await told()).toSorted()).toEqual([mine.sid, stolen.sid].toSorted());

  bank.clock.advance(15 * 60_000 - 5_000);
  expect(await told()).toHaveLength(2);
  bank.clock.advance(4 * 60_000); // a gateway whose clock is behind still takes them
  expect(await told()).toHaveLength(2);
  bank.clock.advance(66_000);
  expect(await told()).toEqual([]);
});
