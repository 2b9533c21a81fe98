import type { Logger } from '../process/logging.ts';
import type { Readable } from './consumer-reading.ts';
import type { Delivered, Parking } from './parked.ts';

/** The lines that end handled events (operations.md §6); above DEBUG, one each costs too much. */
export function reporter(log: Logger, queue: string) {
  return {
    handled: (events: readonly Readable[], milliseconds: number) => {
      const timing = { queue, attempt: 1, timing_total_ms: Math.round(milliseconds * 10) / 10 };
      for (const { eventId, type, envelope } of events) {
        const story = { event_id: eventId, event_type: type, request_id: envelope.correlationId };
        log.debug({ ...story, ...timing }, 'event handled');
      }
    },
    failed: (event: Delivered, { state, attempts, error: text }: Parking, error: unknown) => {
      const story = { event_id: event.eventId, event_type: event.type, queue, attempt: attempts };
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
