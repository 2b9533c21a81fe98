import type { Envelope } from '@simplebank/contracts/event';
import { storyFields } from '../observe/story.ts';
import type { Logger } from '../process/logging.ts';
import { recordHandledEvent, recordProcessed } from '../process/work-metrics.ts';
import type { Readable } from './consumer-reading.ts';
import type { Delivered, Parking } from './parked.ts';

/** What a handled event's line and span have to tell. */
export type Handled = {
  readonly event: Readable;
  /** How often it was tried, this time included. */
  readonly attempt: number;
  /** Its share of the batch, in milliseconds. */
  readonly milliseconds: number;
  /** Of the span that handled it; of whatever caused it where nothing is traced. */
  readonly traceparent: string | null;
};

/** The order that an event is about, where it says so. */
export const orderOf = ({ payload }: Pick<Envelope, 'payload'>): string | undefined => {
  const named = typeof payload === 'object' && payload !== null && 'orderId' in payload;
  return named && typeof payload.orderId === 'string' ? payload.orderId : undefined;
};

const storyOf = ({ correlationId: requestId, ...envelope }: Envelope, traceparent: string | null) =>
  storyFields({ requestId, traceparent, orderId: orderOf(envelope) });

/** The lines that end handled events (operations.md §6), one each. */
export function reporter(log: Logger, queue: string) {
  const about = ({ eventId, type }: Delivered, attempt: number) => ({
    ...{ event_id: eventId, event_type: type, queue, attempt },
  });
  return {
    handled: ({ event, attempt, milliseconds, traceparent }: Handled) => {
      const timing_total_ms = Math.round(milliseconds * 1_000) / 1_000;
      const story = storyOf(event.envelope, traceparent);
      log.info({ ...story, ...about(event, attempt), timing_total_ms }, 'event handled');
      recordHandledEvent(queue, event.envelope);
    },
    failed: (event: Delivered, { state, attempts, error: text }: Parking, error: unknown) => {
      const story = { ...bodyStory(event), ...about(event, attempts) };
      if (attempts > 0) recordProcessed(queue, state === 'DEAD' ? 'dead' : 'parked');
      if (state === 'DEAD') {
        log.error({ ...story, error, error_code: 'DEAD_LETTER' }, `dead letter: ${text}`);
      } else if (attempts === 0) {
        log.debug(story, `event waits: ${text}`);
      } else {
        log.warn({ ...story, error, error_code: 'EVENT_FAILED' }, `event failed: ${text}`);
      }
    },
  };
}

export type Reporter = ReturnType<typeof reporter>;

/** A failing event may not be readable; its line then tells no story. */
function bodyStory({ body }: Delivered) {
  try {
    const envelope = JSON.parse(body) as Partial<Envelope> | null;
    if (typeof envelope?.correlationId !== 'string') return {};
    return storyOf(envelope as Envelope, envelope.traceparent ?? null);
  } catch {
    return {};
  }
}
