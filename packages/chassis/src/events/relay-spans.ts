import { isTracing, openSpan, spanErrorOf } from '../observe/spans.ts';
import type { ClaimedEvent } from './outbox.ts';

/** The envelope's own stands before the payload, and no text can hold an unescaped quote. */
const traceparentIn = /"traceparent":"([0-9a-f-]{55})"/;

const untraced = <T>(sending: Promise<T>): Promise<T> => sending;

/**
 * One span per event that goes to the queues, in the trace of what caused it. Nothing rewrites an
 * event on its way (OPS-19), so its handlers' spans are brothers of this one, not its children.
 */
export function spansOfSending(context: string, events: readonly ClaimedEvent[]) {
  if (!isTracing() || events.length === 0) return untraced;
  const spans = events.map(({ type, body }) =>
    openSpan({
      ...{ service: context, name: `send ${type}`, kind: 'producer' },
      parent: traceparentIn.exec(body)?.[1] ?? null,
      attributes: { 'messaging.system': 'bullmq', 'simplebank.event': type },
    }),
  );
  const end = (error?: string) => {
    for (const span of spans) span.end({ error });
  };
  return async <T>(sending: Promise<T>): Promise<T> => {
    try {
      const sent = await sending;
      end();
      return sent;
    } catch (error) {
      end(spanErrorOf(error));
      throw error;
    }
  };
}
