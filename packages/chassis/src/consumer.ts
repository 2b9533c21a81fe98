import type { Envelope, EventContract } from '@simplebank/contracts/event';

/** What a subscriber does about one kind of event; gets several at once, in order per aggregate. */
export type Handler<Tx> = {
  readonly contract: EventContract;
  readonly apply: (tx: Tx, events: readonly Envelope<never>[]) => Promise<void>;
};

export const handler = <Tx, P>(
  contract: EventContract<string, P>,
  apply: (tx: Tx, events: readonly Envelope<P>[]) => Promise<void>,
): Handler<Tx> => ({ contract, apply });

/** Throw it when an event came before the fact it builds on: it is parked and soon tried again. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}
