import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allOrders } from '../support/books.ts';
import { type Investor, newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let ina: Investor;
beforeAll(async () => {
  bank = await startWholeBank();
  ina = await newInvestor(bank.web, '100.00');
}, 120_000);
afterAll(() => bank?.close());

/** The command as a pipeline runs it after a deployment. */
async function runSmoke(url: string, { email, password }: Investor['credentials']) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/smoke.ts', url], {
    env: { ...process.env, SMOKE_EMAIL: email, SMOKE_PASSWORD: password, SMOKE_ASSET: 'ABC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = await once(child, 'close');
  return { code, said };
}

test('a smoke test signs in, reads, places and cancels, and leaves no order open', async () => {
  const { code, said } = await runSmoke(bank.urls['web'] ?? '', ina.credentials);
  expect([code, said]).toEqual([0, expect.stringContaining('is well')]);
  const orders = await allOrders(ina.door, ina.accountId);
  expect(orders.map(({ status }) => status)).toEqual(['CANCELED']);
}, 120_000);

test('a smoke test fails for whom nobody knows, and where nobody answers', async () => {
  const wrong = { ...ina.credentials, password: 'not-the-right-one' };
  const [refused, nobody] = await Promise.all([
    runSmoke(bank.urls['web'] ?? '', wrong),
    runSmoke('http://127.0.0.1:1', ina.credentials),
  ]);
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('was refused')]);
  expect([nobody.code, nobody.said]).toEqual([1, expect.stringContaining('nobody answers')]);
}, 120_000);
