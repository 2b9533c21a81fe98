import { randomUUID } from 'node:crypto';
import { metrics } from '@simplebank/chassis/metrics';
import { startTracing, type Tracing } from '@simplebank/chassis/tracing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bankClient } from '../../tools/bank/client.ts';
import { deposit, signIn, signUp } from '../../tools/bank/customer.ts';
import { openActiveAccount } from '../../tools/bank/onboarding.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

const spans: string[] = [];
let tracing: Tracing;
let bank: WholeBank;
beforeAll(async () => {
  const collect = (line: string) => void spans.push(line);
  tracing = await startTracing({ version: 'test', env: 'test', collect });
  bank = await startWholeBank();
}, 120_000);
afterAll(async () => {
  await bank?.close();
  await tracing?.close();
});

/** Stands in every text that is planted, so that any piece of one is found again. */
const mark = `zq${randomUUID().replaceAll('-', '').slice(0, 12)}`;
const tokens: string[] = [];

type Sent = { readonly headers?: Readonly<Record<string, string>>; readonly path?: string };
async function send(body: string, { headers = {}, path = '/graphql' }: Sent = {}): Promise<void> {
  const type = { 'content-type': 'application/json' };
  await fetch(`${bank.urls['web']}${path}`, {
    method: 'POST',
    headers: { ...type, ...headers },
    body,
  });
}

/** A customer whose every text bears the mark signs up, is known, pays in and buys. */
async function livesHere(): Promise<void> {
  const credentials = { email: `${mark}@example.com`, password: `${mark}-password` };
  await signUp(bank.web, { ...credentials, name: `Nia ${mark}` });
  const door = await signIn(bank.web, credentials);
  tokens.push((door.headers['authorization'] ?? '').replace('Bearer ', ''));
  const { id: accountId } = await openActiveAccount(door, {
    ...{ legalName: `Nia ${mark}`, name: `Main ${mark}`, key: 'open' },
  });
  await deposit(door, { accountId, amount: '20000.00', key: 'deposit' });
  const wish = { accountId, assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '2' } as const;
  const { id } = await placeOrder(door, { ...wish, idempotencyKey: randomUUID() });
  await orderEnds(door, { id });
}

/** The same in requests that fail: broken, refused, of a stranger, at a wrong address. */
async function failsHere(): Promise<void> {
  const headers = {
    authorization: `Bearer ${mark}.${mark}.${mark}`,
    cookie: `session=${mark}; refresh=${mark}`,
    'x-forwarded-for': mark,
    'x-api-key': mark,
  };
  const variables = { input: { email: `${mark}@example.com`, password: mark, iban: mark } };
  await send(JSON.stringify({ query: '{ me { id } }', variables }), { headers });
  await send(JSON.stringify({ query: `{ field_${mark} }`, variables }));
  await send(JSON.stringify({ query: `query { asset(id: "${mark}") { id } }`, variables }));
  await send(`{"query": "${mark}`);
  await send('{}', { path: `/nothing/${mark}?phone=${mark}` });
  await signIn(bankClient(bank.web.url), { email: mark, password: mark }).catch(() => undefined);
}

test('what is secret or personal reaches no log line, span, figure or error record', async () => {
  await livesHere();
  await failsHere();
  const mailed = () => spans.some((line) => line.includes('send_mail'));
  await expect.poll(mailed, { timeout: 30_000 }).toBe(true);
  const outputs = {
    lines: (await bank.lines()).map((line) => JSON.stringify(line)),
    spans,
    figures: (await metrics.metrics()).split('\n'),
  };
  for (const [what, texts] of Object.entries(outputs)) {
    expect(texts.length, what).toBeGreaterThan(10);
    const leaks = texts.filter((text) =>
      [mark, ...tokens].some((secret) => text.toLowerCase().includes(secret.toLowerCase())),
    );
    expect(leaks, what).toEqual([]);
  }
});
