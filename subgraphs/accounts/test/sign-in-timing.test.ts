import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword } from './builders.ts';
import { anonymous, type Bank, startBank } from './support/bank.ts';

/** Costly enough that a hash left out would show at once, even on a busy machine. */
const cost = '15';
const rounds = 5;
/** Without the hash the quotient would be beyond 10. */
const quotientMax = 3;

let bank: Bank;
beforeAll(async () => {
  bank = await startBank({ env: { ACCOUNTS_SCRYPT_COST: cost } });
});
afterAll(() => bank.stop());

const ask = (name: 'signUp' | 'signIn', input: object) =>
  bank.as(anonymous())(
    `mutation ($input: S${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
    { input },
  );

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[rounds >> 1] ?? 0;

/** Takes turns, so that the machine's moods fall on both alike. */
async function quotientOf(first: () => Promise<unknown>, second: () => Promise<unknown>) {
  const times: { readonly first: number; readonly second: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push({ first: await msOf(first), second: await msOf(second) });
  }
  const a = median(times.map((time) => time.first));
  const b = median(times.map((time) => time.second));
  return Math.max(a / b, b / a);
}

const taken = { email: 'taken@example.com', password: goodPassword, name: 'Alice' };

test('how long an answer takes does not tell whether an email is known', async () => {
  await ask('signUp', taken);
  const fresh = () => ask('signUp', { ...taken, email: `${randomUUID()}@example.com` });
  expect(await quotientOf(() => ask('signUp', taken), fresh)).toBeLessThan(quotientMax);

  const password = 'Wrong-Password-1234';
  const known = () => ask('signIn', { email: taken.email, password });
  const unknown = () => ask('signIn', { email: 'nobody@example.com', password });
  expect(await quotientOf(known, unknown)).toBeLessThan(quotientMax);
}, 60_000);
