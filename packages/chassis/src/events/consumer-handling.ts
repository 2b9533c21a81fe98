import type { Envelope } from '@simplebank/contracts/event';
import { isTracing, type OpenSpan, openSpan, spanErrorOf } from '../observe/spans.ts';
import { inNoStory, inStory } from '../observe/story.ts';
import { type Outcome, recordOperation } from '../process/metrics.ts';
import type { Handler } from './consumer.ts';
import { groupIntoCalls } from './consumer-calls.ts';
import type { Readable } from './consumer-reading.ts';
import { orderOf } from './consumer-report.ts';

export type Handling<Tx> = {
  readonly subscriber: string;
  readonly table: ReadonlyMap<string, Handler<Tx>>;
};

/** An event after its handler, inside the transaction that is to commit. */
export type Applied = { readonly event: Readable; readonly traceparent: string | null };

/**
 * Calls the handlers in the order that their events allow. Each event has a span of its own in the
 * trace of whatever caused it, and what the handler publishes about it belongs to that span; in a
 * call with several events these spans last as long as the call.
 */
export async function callHandlers<Tx>(
  tx: Tx,
  { subscriber, table }: Handling<Tx>,
  events: readonly Readable[],
): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  for (const group of groupIntoCalls(events)) {
    const handler = table.get(group[0]?.type ?? '');
    // In order: a later call may hold the next events of the same aggregates.
    if (handler) applied.push(...(await call(tx, { handler, subscriber }, group)));
  }
  return applied;
}

type Calling<Tx> = { readonly handler: Handler<Tx>; readonly subscriber: string };

async function call<Tx>(
  tx: Tx,
  { handler, subscriber }: Calling<Tx>,
  group: readonly Readable[],
): Promise<readonly Applied[]> {
  const spans = isTracing() ? group.map(({ envelope }) => spanOf(subscriber, envelope)) : null;
  const told = group.map(({ envelope }, nth) => within(envelope, spans?.[nth]));
  const startedAt = performance.now();
  const end = (outcome: Outcome, error?: string) => {
    for (const span of spans ?? []) span.end({ error });
    const share = (performance.now() - startedAt) / group.length;
    record({ handler, subscriber, outcome }, told, share);
  };
  try {
    await ofStory(told, () => handler.apply(tx, told as Envelope<never>[]));
    end('ok');
  } catch (error) {
    end('error', spanErrorOf(error));
    throw error;
  }
  return group.map((event, nth) => ({ event, traceparent: told[nth]?.traceparent ?? null }));
}

function spanOf(service: string, { type, traceparent: parent, ...event }: Envelope): OpenSpan {
  const orderId = orderOf(event);
  const attributes = {
    ...{ 'messaging.system': 'bullmq', 'messaging.destination.name': service },
    ...{ 'messaging.message.id': event.eventId, 'simplebank.event': type },
    ...(orderId ? { 'simplebank.order_id': orderId } : {}),
  };
  return openSpan({ service, name: `handle ${type}`, kind: 'consumer', parent, attributes });
}

/** What the handler sees: the event, with the span that handles it as cause of what follows. */
const within = (envelope: Envelope, span: OpenSpan | undefined): Envelope =>
  span ? { ...envelope, traceparent: span.traceparent } : envelope;

/** The lines and calls of a batch belong to nobody's story; those of a single event do to its. */
function ofStory<T>(told: readonly Envelope[], work: () => T): T {
  const [first] = told;
  if (!first || told.length > 1) return inNoStory(work);
  const { correlationId: requestId, traceparent } = first;
  return inStory({ requestId, traceparent, orderId: orderOf(first) }, work);
}

type Timing<Tx> = Calling<Tx> & { readonly outcome: Outcome };

/** An event's time is its even share of the call: what a batch costs once is nobody's alone. */
function record<Tx>(
  { handler: { timedAs }, subscriber: service, outcome }: Timing<Tx>,
  events: readonly Envelope[],
  durationMs: number,
): void {
  if (!timedAs) return;
  for (const event of events) {
    const operation = timedAs(event as Envelope<never>);
    if (operation) recordOperation({ service, operation, outcome, durationMs });
  }
}
