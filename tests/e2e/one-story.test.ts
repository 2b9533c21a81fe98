import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-story-'));
  bank = await startWholeBank();
}, 120_000);
afterAll(async () => {
  await closeBank();
  await rm(folder, { recursive: true, force: true });
});

let closing: Promise<void> | undefined;
/** Once, whoever comes first: the test, or its end. */
function closeBank(): Promise<void> | undefined {
  closing ??= bank?.close();
  return closing;
}

const linesLeast = 11;
const servicesLeast = 5;
type Line = Readonly<Record<string, unknown>>;
const run = promisify(execFile);

/** What `npm run logs` finds in the file, which is all that is left of the processes. */
async function found(file: string, id: string): Promise<readonly Line[]> {
  const args = ['--import', 'tsx', 'tools/logs.ts', '--json', '--request', id, '--from', file];
  const { stdout } = await run(process.execPath, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** All lines, once everybody who listens to it has handled the end of the order. */
async function settledLines(id: string): Promise<readonly Line[]> {
  return waitFor('the end of the story', async () => {
    const lines = await bank.lines();
    const ends = lines.filter(
      (line) => line['request_id'] === id && line['event_type'] === 'orders.order-completed.v1',
    );
    return ends.length >= listenersToEnd ? lines : null;
  });
}
/** Accounts, holdings and notifications. */
const listenersToEnd = 3;
/** Tells what is held, whatever changed it: the one event of the story that names no order. */
const ofPosition = 'holdings.position-changed.v1';

test('a sale leaves 11 lines or more of 5 services under the id that its caller gave', async () => {
  const { door, accountId } = await newInvestor(bank.web, '20000.00');
  const trade = async (side: 'BUY' | 'SELL', requestId: string) => {
    const wish = { accountId, assetId: 'ABC', side, type: 'MARKET', quantity: '2' } as const;
    const asking = door.as({ 'x-request-id': requestId });
    const { id } = await placeOrder(asking, { ...wish, idempotencyKey: randomUUID() });
    await orderEnds(door, { id });
    return id;
  };
  await trade('BUY', randomUUID());
  const requestId = `sale-${randomUUID()}`;
  const orderId = await trade('SELL', requestId);

  const all = await settledLines(requestId);
  const story = all.filter((line) => line['request_id'] === requestId);
  const services = new Set(story.map(({ service }) => service));
  expect(story.length).toBeGreaterThanOrEqual(linesLeast);
  expect(services.size).toBeGreaterThanOrEqual(servicesLeast);
  expect(services).toContain('web');
  expect(new Set(story.map((line) => line['trace_id'])).size).toBe(1);
  const handled = story.filter(({ message }) => message === 'event handled');
  expect(handled.length).toBeGreaterThan(0);
  for (const line of handled) {
    expect(line).toMatchObject({ event_id: expect.any(String), queue: expect.any(String) });
    expect(line).toMatchObject({ attempt: expect.any(Number) });
    if (line['event_type'] !== ofPosition) expect(line).toMatchObject({ order_id: orderId });
  }

  const file = join(folder, 'bank.log');
  await writeFile(file, all.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await closeBank();
  expect((await found(file, requestId)).length).toBe(story.length);
});
