import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Span, spansIn } from '@simplebank/chassis/read-spans';
import { type BankClient, waitFor } from '../bank/client.ts';
import { deposit, signIn, signUp } from '../bank/customer.ts';
import { openActiveAccount } from '../bank/onboarding.ts';
import { orderEnds, placeOrder } from '../bank/trading.ts';
import type { LogLine } from './lines.ts';

export type Journey = {
  readonly orderId: string;
  readonly requestId: string;
  readonly traceId: string;
};

/** Places one buy as a new customer, under ids of its own; resolves when the order has ended. */
export async function placeOneOrder(web: BankClient): Promise<Journey> {
  const run = randomUUID();
  const credentials = { email: `journey-${run}@example.com`, password: randomUUID() };
  const legalName = 'Jo Journey';
  await signUp(web, { ...credentials, name: legalName });
  const door = await signIn(web, credentials);
  const { id: accountId } = await openActiveAccount(door, {
    ...{ legalName, name: 'Main', key: `${run}-open` },
  });
  await deposit(door, { accountId, amount: '10000.00', key: `${run}-deposit` });
  const requestId = randomUUID();
  const traceId = randomBytes(16).toString('hex');
  const traced = door.as({
    'x-request-id': requestId,
    traceparent: `00-${traceId}-${rootId()}-01`,
  });
  const wish = { accountId, assetId: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '2' } as const;
  const { id: orderId } = await placeOrder(traced, { ...wish, idempotencyKey: `${run}-buy` });
  await orderEnds(door, { id: orderId });
  return { orderId, requestId, traceId };
}

const rootId = () => randomBytes(8).toString('hex');

const mailSpan = 'deliver email';

/** The lines of the file that belong to this trace, once the mail has gone and all is still. */
export async function traceLines(file: string, traceId: string): Promise<readonly string[]> {
  let before = 0;
  return waitFor(
    'the whole trace',
    async () => {
      const lines = await linesWith(file, traceId);
      const isWhole = lines.some((line) => line.includes(`"${mailSpan}"`));
      const isStill = lines.length === before;
      before = lines.length;
      return isWhole && isStill ? lines : null;
    },
    { everyMs: 1_500, withinMs: 60_000 },
  );
}

async function linesWith(file: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.includes(text)) found.push(line);
  }
  return found;
}

/** One OTLP document with all of them, as every reader of traces takes it. */
export function joined(lines: readonly string[]): object {
  const documents = lines.map((line) => JSON.parse(line) as { resourceSpans: object[] });
  return { resourceSpans: documents.flatMap(({ resourceSpans }) => resourceSpans) };
}

export const spansOf = (lines: readonly string[]): readonly Span[] => lines.flatMap(spansIn);

/** What tells of a machine or of a person has no place in an example. */
const left = new Set(['source_host', 'process', 'request_ip', 'user_id', 'stack_info']);

export const shownLine = (line: LogLine): LogLine =>
  Object.fromEntries(Object.entries(line).filter(([name]) => !left.has(name)));
