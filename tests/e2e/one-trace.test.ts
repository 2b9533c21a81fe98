import { randomBytes, randomUUID } from 'node:crypto';
import { type Span, spansIn } from '@simplebank/chassis/read-spans';
import { startTracing, type Tracing } from '@simplebank/chassis/tracing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../tools/bank/client.ts';
import { orderEnds, placeOrder } from '../../tools/bank/trading.ts';
import { newInvestor } from './people.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

const collected: Span[] = [];
let tracing: Tracing;
let bank: WholeBank;
beforeAll(async () => {
  const collect = (line: string) => void collected.push(...spansIn(line));
  tracing = await startTracing({ version: 'test', env: 'test', collect });
  bank = await startWholeBank();
}, 120_000);
afterAll(async () => {
  await bank?.close();
  await tracing?.close();
});

const buy = { assetId: 'ABC', side: 'BUY', type: 'MARKET', quantity: '2' } as const;

async function oneBuy(): Promise<readonly Span[]> {
  const { door, accountId } = await newInvestor(bank.web, '20000.00');
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const traced = door.as({ traceparent });
  const { id } = await placeOrder(traced, { ...buy, accountId, idempotencyKey: randomUUID() });
  await orderEnds(door, { id });
  const ofOrder = () => collected.filter((span) => span.traceId === traceId);
  await waitFor('the mail', async () => ofOrder().find(isMail) ?? null);
  return ofOrder();
}
/** As OTLP numbers it: the span of who is asked, beside the one of who asks. */
const serverKind = 2;
const isMail = ({ name }: Span) => name === 'send_mail';

/** From a span up to the first of its trace, as `service name`. */
function wayUp(spans: readonly Span[], from: Span | undefined): readonly string[] {
  if (!from) return [];
  const parent = spans.find(({ spanId }) => spanId === from.parentSpanId);
  return [`${from.service} ${from.name}`, ...wayUp(spans, parent)];
}

test('one order is one trace, whose spans lead from the capture up to the gateway', async () => {
  const spans = await oneBuy();
  const of = (service: string, name: string) =>
    spans.find((span) => span.service === service && span.name === name);
  expect(wayUp(spans, of('accounts', 'handle orders.order-filled.v1'))).toEqual([
    'accounts handle orders.order-filled.v1',
    'orders handle market.trade-executed.v1',
    'market handle orders.order-opened.v1',
    'orders handle accounts.funds-held.v1',
    'accounts handle orders.order-created.v1',
    'orders POST /graphql',
    'web POST /graphql',
    'web POST /graphql',
  ]);
  expect(wayUp(spans, of('orders', 'handle market.order-placed.v1')).slice(0, 3)).toEqual([
    'orders handle market.order-placed.v1',
    'market place_on_venue',
    'market handle orders.order-opened.v1',
  ]);
  expect(wayUp(spans, spans.find(isMail)).slice(0, 3)).toEqual([
    'notifications send_mail',
    'notifications deliver email',
    'notifications handle orders.order-completed.v1',
  ]);
  expect(of('accounts', 'handle orders.order-completed.v1')).toBeDefined();
  const asked = spans.find(({ service, kind }) => service === 'web' && kind === serverKind);
  expect(asked?.attributes['simplebank.operation']).toBe('place_order');
});
