import { randomUUID } from 'node:crypto';
import { createLogger } from '@simplebank/chassis/logging';
import { type Span, spansIn } from '@simplebank/chassis/read-spans';
import { deadlineHeader, requestIdHeader } from '@simplebank/chassis/request';
import { inStory } from '@simplebank/chassis/story';
import { traceparentHeader } from '@simplebank/chassis/traceparent';
import { startTracing, type Tracing } from '@simplebank/chassis/tracing';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emailChannel } from '../src/channels/email/email.ts';
import { aMailCatcher, aService, noon } from './builders.ts';
import { customerRegistered } from './events.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const requestId = `story-${randomUUID()}`;
const story = {
  requestId,
  traceparent: `00-${traceId}-b7ad6b7169203331-01`,
  orderId: randomUUID(),
};
const internal = [requestIdHeader, deadlineHeader, traceparentHeader, 'tracestate', 'baggage'];

const clock = createVirtualClock(noon);
const log = createLogger({ service: 'test', destination: { write: () => true } });
const closers: (() => Promise<unknown>)[] = [];
let spans: Span[];
let tracing: Tracing;
beforeEach(async () => {
  spans = [];
  const collect = (line: string) => void spans.push(...spansIn(line));
  tracing = await startTracing({ version: 'test', env: 'test', collect });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await tracing.close();
});

/** One span for each call, in the story's trace, that names whom it called. */
function expectSpans(peer: string, names: readonly string[]): void {
  const ours = spans.filter(({ attributes }) => attributes['server.address'] === peer);
  expect(ours.map(({ name }) => name)).toEqual(names);
  for (const span of ours) expect(span).toMatchObject({ traceId, parentSpanId: expect.anything() });
}

/** Nothing internal by name, and none of our ids under any other name. */
function expectForeign(names: readonly string[], sent: unknown): void {
  for (const header of internal) expect(names).not.toContain(header);
  const text = JSON.stringify(sent);
  for (const id of [requestId, traceId, story.orderId]) expect(text).not.toContain(id);
}

test('a mail bears no internal header, and the mail server has a span with its name', async () => {
  const catcher = await aMailCatcher();
  closers.push(() => catcher.close());
  const service = await aService({ catcher });
  closers.push(() => service.close());
  const customerId = randomUUID();
  const person = { name: 'Alice Able', email: 'alice@example.com' };
  await service.worker.applyBatch([customerRegistered(customerId, person)]);
  const channel = emailChannel({
    ...{ db: service.deps.db, clock, log, url: catcher.url, tls: 'off' },
    from: 'no-reply@simplebank.example',
  });
  closers.push(() => channel.close());
  const about = { id: randomUUID(), customerId, accountId: null, kind: 'PAYMENT' } as const;
  const message = { ...about, title: 'News', text: 'There is news.', at: new Date(noon) };
  await inStory(story, () => channel.deliver(message));
  const [mail, ...others] = catcher.mails();
  expect(others).toEqual([]);
  expectForeign(mail?.headers.map(({ key }) => key) ?? internal, mail);
  expectSpans('smtp', ['send_mail']);
});
