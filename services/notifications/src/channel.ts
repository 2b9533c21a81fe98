import type { ChannelName, Kind } from './domain/kinds.ts';

type Message = {
  /** The same id is the same message: a channel delivers it once if it can, and says so if not. */
  readonly id: string;
  readonly customerId: string;
  readonly accountId: string | null;
  readonly kind: Kind;
  readonly title: string;
  readonly text: string;
  readonly at: Date;
};

/**
 * A way to reach a customer: the port that a provider of e-mail, push or SMS fills. It looks up the
 * address itself, when it sends.
 */
export type Channel = {
  readonly name: ChannelName;
  /** How many calls may be under way at once. */
  readonly lanes: number;
  /** How many messages may be delivered one after the other; they are recorded together. */
  readonly batchMax: number;
  /** Whether one customer may hold one lane at most: their mailbox may be the one that hangs. */
  readonly onePerCustomer: boolean;
  /** Whether a call would be let through; nothing is taken from the queue if it would not. */
  readonly isPassable: () => boolean;
  /**
   * Rejects with NotDelivered when the message did not go out or nobody knows, with NotTried when
   * nobody was called, and with Unreachable when no attempt would ever succeed.
   */
  readonly deliver: (message: Message) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Says what went wrong in words of ours: those of a provider may name the customer. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
  /** Whether somebody has answered; after silence what else waits for the customer waits too. */
  readonly answered: boolean;

  constructor(reason: string, { answered }: { readonly answered: boolean }) {
    super(reason);
    this.answered = answered;
  }
}

export class NotTried extends Error {
  override readonly name = 'NotTried';
}

export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
