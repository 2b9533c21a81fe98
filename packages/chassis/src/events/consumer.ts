import type { Envelope, EventContract } from '@simplebank/contracts/event';
import { eventsFor, type Subscriber } from '@simplebank/contracts/subscriptions';

/** What a subscriber does about one kind of event; gets several at once, in order per aggregate. */
export type Handler<Tx> = {
  readonly contract: EventContract;
  readonly apply: (tx: Tx, events: readonly Envelope<never>[]) => Promise<void>;
  /**
   * Under which operation the handling of an event is timed, null for one that is not: a name of a
   * bounded set, in snake_case. The time is the event's even share of its call, without the commit.
   */
  readonly timedAs?: ((event: Envelope<never>) => string | null) | undefined;
};

/**
 * Called with all new events of a batch before any handler is. A batch calls one handler after the
 * other in one transaction: rows that several of them lock would be locked in as many orders.
 */
export type LockFirst<Tx> = (tx: Tx, events: readonly Envelope[]) => Promise<void>;

export const handler = <Tx, P>(
  contract: EventContract<string, P>,
  apply: (tx: Tx, events: readonly Envelope<P>[]) => Promise<void>,
  timedAs?: (event: Envelope<P>) => string | null,
): Handler<Tx> => ({ contract, apply, timedAs });

/**
 * Throw it when an event came before a fact of ANOTHER aggregate that it builds on: it is parked
 * and soon tried again. Later events of the same aggregate wait behind it, so a handler that waits
 * for its own aggregate holds up what it waits for, until the event is dead.
 */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/** Handlers by event. Throws when they are not exactly those that the subscription names. */
export function handlerTable<Tx>(
  subscriber: Subscriber,
  handlers: readonly Handler<Tx>[],
): ReadonlyMap<string, Handler<Tx>> {
  const table = new Map(handlers.map((one) => [one.contract.name, one]));
  const subscribed = eventsFor(subscriber);
  const problems = [
    ...subscribed.filter((name) => !table.has(name)).map((name) => `no handler for ${name}`),
    ...[...table.keys()]
      .filter((name) => !subscribed.includes(name))
      .map((name) => `a handler for ${name}, to which it does not listen`),
    ...(table.size < handlers.length ? ['two handlers for one event'] : []),
  ];
  if (problems.length > 0) throw new Error(`${subscriber} has ${problems.join('; ')}`);
  return table;
}
