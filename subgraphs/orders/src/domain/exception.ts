import type { ExceptionReason } from './decide.ts';
import type { OrderStatus } from './status.ts';
import type { OrderEvent } from './transitions.ts';

/** What was done about an exception; said once. */
export type Resolution = {
  readonly actorId: string;
  readonly reason: string;
  readonly resolvedAt: Date;
};

/** What fitted no transition. It changed no order; staff decide. */
export type OrderException = {
  readonly id: string;
  readonly orderId: string;
  readonly reason: ExceptionReason;
  readonly status: OrderStatus;
  readonly event: OrderEvent;
  /** The message as JSON. */
  readonly detail: string;
  readonly recordedAt: Date;
  readonly resolution: Resolution | null;
};
