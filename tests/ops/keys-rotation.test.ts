import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateAssertionKeys } from '@simplebank/chassis/auth';
import { createLogger } from '@simplebank/chassis/logging';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { createMemoryShared } from '@simplebank/chassis/shared';
import { systemClock } from '@simplebank/kernel/clock';
import { createTestDatabase } from '@simplebank/testkit/database';
import { createRecordingQueues } from '@simplebank/testkit/queues';
import { decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { web } from '../../gateways/web/src/app.ts';
import { accounts } from '../../subgraphs/accounts/src/app.ts';
import { makeKeys } from '../../tools/embedded/keys.ts';
import { leadMsDefault, rotateTokenKeys } from '../../tools/keys/token-keys.ts';

const minuteMs = 60_000;
const gatewaysCount = 3;
const password = 'a-long-enough-secret';

afterEach(() => void vi.useRealTimers());

/** All clocks of the bank are the test's own; they stand still unless it moves them. */
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function startPart<C>(of: ProcessDefinition<C>, env: object, runtime: Runtime) {
  const parts: readonly Part[] = await of.build(of.loadConfig({ ...env }), runtime);
  const doors = parts.filter((part) => 'url' in part || part.name.endsWith('database'));
  for (const part of doors) await part.start();
  onTestFinished(async () => {
    for (const part of doors.toReversed()) await part.close();
  });
  const door = doors.find((part) => 'url' in part);
  return String(door && 'url' in door ? door.url : '');
}

/** Accounts with its keys in a file, and several web gateways that know it by address only. */
async function startBank() {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T15:00:00.000Z') });
  const folder = mkdtempSync(join(tmpdir(), 'simplebank-rotation-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = await createTestDatabase('accounts');
  onTestFinished(() => database.drop());
  const file = join(folder, 'token-keys.json');
  const keys = await makeKeys([]);
  writeFileSync(file, JSON.stringify({ keys: [keys.tokenPrivateKey] }));
  const { privateKey, publicKeys } = await generateAssertionKeys();
  const log = createLogger({ service: 'test', level: 'ERROR', destination: { write: () => {} } });
  const runtime: Runtime = {
    ...{ clock: systemClock, newId: randomUUID, log },
    ...{ queues: createRecordingQueues(), shared: createMemoryShared({ log }) },
  };
  const ACCOUNTS_URL = await startPart(
    accounts,
    {
      ...{ ACCOUNTS_PORT: '0', ACCOUNTS_DATABASE_URL: database.url, ACCOUNTS_SCRYPT_COST: '10' },
      ASSERTION_PUBLIC_KEYS: JSON.stringify(publicKeys),
      ACCOUNTS_TOKEN_KEYS_FILE: file,
      ACCOUNTS_DATA_KEYS: JSON.stringify(keys.dataKeys),
    },
    runtime,
  );
  const others = ['ORDERS', 'HOLDINGS', 'ASSETS', 'STRATEGIES', 'NOTIFICATIONS'];
  const env = {
    ...Object.fromEntries(others.map((name) => [`${name}_URL`, 'http://127.0.0.1:1'])),
    ...{ ACCOUNTS_URL, ASSERTION_PRIVATE_KEY: JSON.stringify(privateKey), WEB_PORT: '0' },
  };
  const starts = Array.from({ length: gatewaysCount }, () => startPart(web, env, runtime));
  return { file, accountsUrl: ACCOUNTS_URL, gateways: await Promise.all(starts) };
}

type Answer = { readonly status: number; readonly data: Record<string, unknown> | null };

async function ask(gateway: string, query: string, more: { token?: string; input?: object } = {}) {
  const { token, input } = more;
  const response = await fetch(`${gateway}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data } = (await response.json()) as Pick<Answer, 'data'>;
  return { status: response.status, data: data ?? null };
}

type Tokens = { readonly accessToken: string; readonly refreshToken: string };
function tokensIn({ data }: Answer, field: string): Tokens {
  const { tokens } = (data?.[field] ?? {}) as { tokens?: Tokens };
  if (!tokens) throw new Error(`${field} gave no tokens`);
  return tokens;
}

async function signIn(gateway: string): Promise<Tokens> {
  const email = `${randomUUID()}@example.com`;
  const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }';
  await ask(gateway, signUp, { input: { email, password, name: 'Ada' } });
  const text = `mutation ($input: SignInInput!) { signIn(input: $input) {
    ... on SignInSuccess { tokens { accessToken refreshToken } } } }`;
  return tokensIn(await ask(gateway, text, { input: { email, password } }), 'signIn');
}

async function refresh(gateway: string, { refreshToken }: Tokens): Promise<Tokens> {
  const text = `mutation ($input: RefreshInput!) { refresh(input: $input) {
    ... on RefreshSuccess { tokens { accessToken refreshToken } } } }`;
  return tokensIn(await ask(gateway, text, { input: { refreshToken } }), 'refresh');
}

/** Signed by a key that the bank never had: it makes gateways fetch, and then wait to fetch. */
async function strangersToken(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT({ roles: ['customer'] })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: randomUUID() })
    .setSubject(randomUUID())
    .setIssuer('simplebank-accounts')
    .setAudience('simplebank-web')
    .setExpirationTime('5m')
    .sign(privateKey);
}

const kidOf = ({ accessToken }: Tokens) => String(decodeProtectedHeader(accessToken).kid);

type Bank = Awaited<ReturnType<typeof startBank>>;
type Load = {
  readonly held: Tokens[];
  readonly refused: number[];
  readonly kids: Set<string>;
  /** Done when the gateways have just fetched the keys and will not for a while. */
  readonly between: (minute: number) => Promise<void>;
};

/** One minute of customers who ask everywhere, each with a token of ten minutes at most. */
async function aMinuteOf({ gateways }: Bank, load: Load, minute: number): Promise<void> {
  const { held, refused, kids, between } = load;
  const bogus = await strangersToken();
  for (const gateway of gateways) {
    expect((await ask(gateway, '{ me { id } }', { token: bogus })).status).toBe(401);
  }
  await between(minute);
  later(10_000);
  for (const [index, tokens] of held.entries()) {
    const gateway = gateways[(minute + index) % gatewaysCount] ?? '';
    // Each customer refreshes at minutes of their own, some just before and some just after.
    if ((minute + index * 3) % 10 === 0) held[index] = await refresh(gateway, tokens);
  }
  const asked = held.flatMap((tokens) => {
    kids.add(kidOf(tokens));
    return gateways.map((gateway) => ask(gateway, '{ me { id } }', { token: tokens.accessToken }));
  });
  const answers = await Promise.all(asked);
  refused.push(...answers.map(({ status }) => status).filter((status) => status !== 200));
  later(minuteMs - 10_000);
}

const shownKids = async ({ accountsUrl }: Bank) => {
  const response = await fetch(`${accountsUrl}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string; d?: string }[] };
  expect(keys.filter(({ d }) => d !== undefined)).toEqual([]);
  return keys.map(({ kid }) => kid);
};

async function rotateUnderLoad(leadMs: number) {
  const bank = await startBank();
  const [first = ''] = bank.gateways;
  const held = await Promise.all([signIn(first), signIn(first), signIn(first)]);
  const between = async (minute: number) => {
    // A minute in which a customer refreshes.
    if (minute === 4) await rotateTokenKeys(bank.file, { now: new Date(), leadMs });
  };
  const load: Load = { held, refused: [], kids: new Set(), between };
  const shown: string[][] = [];
  for (let minute = 0; minute < 38; minute++) {
    await aMinuteOf(bank, load, minute);
    shown.push(await shownKids(bank));
  }
  return { bank, ...load, shown };
}

test('keys change under load at three gateways: no request of a customer is refused', async () => {
  const { bank, refused, kids, held, shown } = await rotateUnderLoad(leadMsDefault);
  expect(refused).toEqual([]);
  const [before = '', after = ''] = kids;
  expect(kids.size).toBe(2);
  expect(held.map(kidOf)).toEqual([after, after, after]);
  // Shown alone, then with the next, until the last token of the old one is over.
  expect(shown.map((ids) => ids.join()).filter((ids, at, all) => ids !== all[at - 1])).toEqual([
    before,
    `${before},${after}`,
    after,
  ]);
  expect(statSync(bank.file).mode & 0o777).toBe(0o600);

  await rotateTokenKeys(bank.file, { now: new Date(), leadMs: 0 });
  const { keys } = JSON.parse(readFileSync(bank.file, 'utf8')) as { keys: { kid: string }[] };
  expect(keys.map(({ kid }) => kid)).toEqual([after, expect.any(String)]);
}, 60_000);
