import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../process/logging.ts';
import { metrics } from '../process/metrics.ts';
import { observedCall } from './observed-call.ts';
import { inSpan, isTracing, openSpan, traceOfStory } from './spans.ts';
import { currentStory, inNoStory, inStory } from './story.ts';
import { newTraceparent, readTraceparent } from './traceparent.ts';
import { startTracing, type Tracing } from './tracing.ts';

type Seen = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status: { readonly code: number };
};

let tracing: Tracing | null = null;
const seen: Seen[] = [];
afterEach(async () => {
  await tracing?.close();
  tracing = null;
  seen.length = 0;
});

const spanOf = (line: string): Seen =>
  JSON.parse(line).resourceSpans[0].scopeSpans[0].spans[0] as Seen;

async function collecting(samplePercent = 100): Promise<void> {
  const collect = (line: string) => void seen.push(spanOf(line));
  tracing = await startTracing({ version: 'v', env: 'test', samplePercent, collect });
}

const start = { service: 'orders', name: 'work', kind: 'internal' } as const;

test('with nowhere to send spans nothing is recorded, and the parent travels on', async () => {
  tracing = await startTracing({ version: 'v', env: 'test' });
  const parent = newTraceparent();
  expect(isTracing()).toBe(false);
  expect(openSpan({ ...start, parent }).traceparent).toBe(parent);
});

test('a span is the child of its parent, in the same trace', async () => {
  await collecting();
  const parent = openSpan({ ...start, parent: null });
  openSpan({ ...start, name: 'part', parent: parent.traceparent }).end();
  parent.end();
  const [part, whole] = seen;
  expect(part).toMatchObject({
    name: 'part',
    parentSpanId: whole?.spanId,
    traceId: whole?.traceId,
  });
  expect(whole?.parentSpanId).toBeUndefined();
});

test('a trace that nobody records at its beginning is recorded by nobody', async () => {
  await collecting();
  openSpan({ ...start, parent: newTraceparent() }).end();
  expect(seen).toEqual([]);
});

test('no trace that begins here is recorded at 0 percent, others are followed', async () => {
  await collecting(0);
  openSpan({ ...start, parent: null }).end();
  openSpan({ ...start, parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }).end();
  expect(seen.map(({ traceId }) => traceId)).toEqual(['a'.repeat(32)]);
});

test('a failure is told by its code and never by its words', async () => {
  await collecting();
  const secret = 'alice@example.com';
  const failing = inSpan({ ...start, parent: null }, async () => {
    throw Object.assign(new Error(secret), { code: 'ECONNREFUSED' });
  });
  await expect(failing).rejects.toThrow(secret);
  expect(JSON.stringify(seen)).toContain('ECONNREFUSED');
  expect(JSON.stringify(seen)).not.toContain(secret);
});

test('a trace file holds one OTLP document a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trace-'));
  const file = join(folder, 'deep', 'trace.jsonl');
  tracing = await startTracing({ version: 'v', env: 'test', file });
  openSpan({ ...start, parent: null, attributes: { answers: 42 } }).end();
  await tracing.close();
  const [line = '', rest] = (await readFile(file, 'utf8')).split('\n');
  await rm(folder, { recursive: true });
  expect(rest).toBe('');
  expect(JSON.parse(line).resourceSpans[0].resource.attributes).toContainEqual({
    ...{ key: 'service.name', value: { stringValue: 'orders' } },
  });
  expect(spanOf(line)).toMatchObject({ name: 'work', kind: 1 });
});

test('work of the same correlation id is in one trace, on whichever instance', () => {
  expect(traceOfStory('job-1')).toBe(traceOfStory('job-1'));
  expect(readTraceparent(traceOfStory('job-1'))).not.toBeNull();
  expect(traceOfStory('job-1')).not.toBe(traceOfStory('job-2'));
});

test.each([
  ['too short', '00-abc-def-01'],
  ['of zeros', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['of another version', `01-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['in capitals', `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`],
])('a traceparent %s is none', (_, text) => {
  expect(readTraceparent(text)).toBeNull();
});

test('lines of a story carry its ids by themselves, after a wait too', async () => {
  const lines: string[] = [];
  const log = createLogger({
    service: 'orders',
    destination: { write: (text) => lines.push(text) },
  });
  const traceparent = newTraceparent();
  await inStory({ requestId: 'r-1', traceparent, orderId: 'o-1' }, async () => {
    await Promise.resolve();
    log.info({}, 'inside');
    inNoStory(() => log.info({}, 'apart'));
  });
  expect(currentStory()).toBeNull();
  const [inside, apart] = lines.map((line) => JSON.parse(line));
  const { traceId, spanId } = readTraceparent(traceparent) ?? {};
  expect(inside).toMatchObject({ request_id: 'r-1', order_id: 'o-1', trace_id: traceId });
  expect(inside['span_id']).toBe(spanId);
  expect(apart).not.toHaveProperty('request_id');
});

test('a call that has no answer in time counts as error and as time-out of its pair', async () => {
  const pair = { service: 'observe-test', dependency: 'far away' };
  const late = Object.assign(new Error('late'), { code: 'TIMEOUT' });
  const call = observedCall({ ...pair, name: 'ask', parent: null }, () => Promise.reject(late));
  await expect(call).rejects.toBe(late);
  const text = await metrics.metrics();
  const labels = 'service="observe-test",dependency="far away"';
  expect(text).toContain(`simplebank_outbound_timeouts_total{${labels}} 1`);
  expect(text).toContain(`simplebank_outbound_duration_seconds_count{${labels},outcome="error"} 1`);
});
