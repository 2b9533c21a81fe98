import { type Subscriber, subscribers, subscribersOf } from '@simplebank/contracts/subscriptions';

/** An event as its outbox holds it. */
export type Told = { readonly type: string; readonly body: string };
/** Hears each event as it is sent. */
export type Ear = (event: Told) => void;

/**
 * What the contexts tell each other, kept until it is handed over. What waits for a subscriber is
 * read sender by sender: contexts may work side by side, and are heard in the same order each time.
 */
export type Lines = {
  readonly send: (sender: Subscriber, events: readonly Told[]) => void;
  /** Who has something to be handed over. */
  readonly waiting: () => readonly Subscriber[];
  readonly take: (subscriber: Subscriber) => readonly string[];
};

export function createLines(hear: Ear): Lines {
  const waiting = new Map<Subscriber, Map<Subscriber, string[]>>();

  function keep(sender: Subscriber, to: Subscriber, body: string): void {
    const bySender = waiting.get(to) ?? new Map<Subscriber, string[]>();
    waiting.set(to, bySender);
    const bodies = bySender.get(sender) ?? [];
    bySender.set(sender, bodies);
    bodies.push(body);
  }

  return {
    send(sender, events) {
      for (const event of events) {
        hear(event);
        for (const to of subscribersOf(event.type)) keep(sender, to, event.body);
      }
    },
    waiting: () => subscribers.filter((name) => waiting.has(name)),
    take(subscriber) {
      const bySender = waiting.get(subscriber);
      waiting.delete(subscriber);
      return subscribers.flatMap((sender) => bySender?.get(sender) ?? []);
    },
  };
}
