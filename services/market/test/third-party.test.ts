import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@simplebank/chassis/logging';
import { type Span, spansIn } from '@simplebank/chassis/read-spans';
import { deadlineHeader, requestIdHeader } from '@simplebank/chassis/request';
import { inStory } from '@simplebank/chassis/story';
import { traceparentHeader } from '@simplebank/chassis/traceparent';
import { startTracing, type Tracing } from '@simplebank/chassis/tracing';
import { createVirtualClock } from '@simplebank/testkit/clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpQuotes } from '../src/quotes/second-source.ts';
import { guarded } from '../src/venues/guarded.ts';
import { httpVenue } from '../src/venues/http.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const requestId = `story-${randomUUID()}`;
const story = {
  requestId,
  traceparent: `00-${traceId}-b7ad6b7169203331-01`,
  orderId: randomUUID(),
};
const internal = [requestIdHeader, deadlineHeader, traceparentHeader, 'tracestate', 'baggage'];

const clock = createVirtualClock('2026-07-15T16:00:00Z');
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

/** Somebody outside who answers every question with nothing, and remembers its headers. */
async function anOutsider() {
  const seen: IncomingHttpHeaders[] = [];
  const nothing = { answers: [], reports: [], quotes: [], resumePoint: '' };
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().once('end', () => response.end(JSON.stringify(nothing)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

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

test('the venue is told no internal header, and each call has a span with its name', async () => {
  const outsider = await anOutsider();
  const { venue: bare, part } = httpVenue({ name: 'exchange', url: outsider.url, key: 'k' });
  closers.push(() => part.close());
  const venue = guarded(bare, { clock, log });
  await inStory(story, async () => {
    await venue.place([]);
    await venue.find([]);
    await venue.cancel([]);
    await venue.replace([]);
    await venue.reports('');
    await venue.quotes([]);
  });
  expect(outsider.seen).toHaveLength(6);
  for (const headers of outsider.seen) expectForeign(Object.keys(headers), headers);
  expectSpans('exchange', [
    ...['place_on_venue', 'find_on_venue', 'cancel_on_venue', 'replace_on_venue'],
    ...['read_venue_reports', 'read_venue_quotes'],
  ]);
});

test('a provider of prices is told no internal header, and has a span with its name', async () => {
  const outsider = await anOutsider();
  const { source, parts } = httpQuotes({ url: outsider.url, key: 'k' }, { clock, log });
  for (const part of parts) closers.push(() => part.close());
  await inStory(story, () => source.quotes(['ABC']));
  expect(outsider.seen).toHaveLength(1);
  for (const headers of outsider.seen) expectForeign(Object.keys(headers), headers);
  expectSpans('second-quotes', ['read_second_quotes']);
});
