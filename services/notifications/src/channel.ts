import type { ChannelName, Kind } from './domain/notification.ts';

type Message = {
  /** The same id is the same message: a channel delivers it once, however often it is asked. */
  readonly id: string;
  readonly customerId: string;
  readonly kind: Kind;
  readonly title: string;
  readonly text: string;
  readonly at: Date;
};

/** A way to reach a customer. It looks up the address itself, when it sends. */
export type Channel = {
  readonly name: ChannelName;
  /** Rejects when the message did not go out or nobody knows; it is then tried again. */
  readonly deliver: (message: Message) => Promise<void>;
};
