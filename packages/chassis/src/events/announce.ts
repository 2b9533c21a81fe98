import type { Announced, Announcement } from '@simplebank/contracts/entities';
import { entitiesOf, eventsTopic } from '@simplebank/contracts/entities';
import type { Envelope } from '@simplebank/contracts/event';
import type { Signals } from '../shared/shared.ts';
import type { ClaimedEvent } from './outbox.ts';

/** An event of quotes names a hundred assets: so many of them stay below half a megabyte. */
const eventsPerSignalMax = 100;
/** Whoever misses a signal finds out later; the events themselves must not wait for it. */
const signalMsMax = 250;

/** Tells all instances which events were committed. Never rejects and never takes longer. */
export async function announce(signals: Signals, events: readonly ClaimedEvent[]): Promise<void> {
  if (events.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, signalMsMax);
  });
  await Promise.race([publishAll(signals, events).catch(() => undefined), patience]);
  clearTimeout(timer);
}

async function publishAll(signals: Signals, events: readonly ClaimedEvent[]): Promise<void> {
  const count = Math.ceil(events.length / eventsPerSignalMax);
  const texts = Array.from({ length: count }, (_, part) => {
    const piece = events.slice(part * eventsPerSignalMax, (part + 1) * eventsPerSignalMax);
    const announcement: Announcement = { events: piece.map(announced) };
    return JSON.stringify(announcement);
  });
  await Promise.all(texts.map((text) => signals.publish(eventsTopic, text)));
}

function announced({ body }: ClaimedEvent): Announced {
  const envelope = JSON.parse(body) as Envelope;
  const { type, aggregateId, eventId } = envelope;
  return { type, aggregateId, eventId, entities: entitiesOf(envelope) };
}
