import type { Order } from './order.ts';
import { isFinal } from './status.ts';

/** How far the process of an order has come (domain §9). */
export type Step = 'HOLD' | 'AWAIT_MARKET' | 'PLACE' | 'FILL' | 'CANCEL' | 'DONE';

export type OrderProcess = {
  readonly orderId: string;
  readonly step: Step;
  /** Past it the process is stuck; null once it has ended. */
  readonly deadline: Date | null;
  readonly attempts: number;
  readonly correlationId: string;
};

export type StuckOrder = Omit<OrderProcess, 'deadline'> & {
  readonly deadline: Date;
  readonly order: Order;
};

/** How long an answer of another context or of the venue may take. */
const answerMsMax = 120_000;

/** An order that waits for hours or fills has until its time in force ends, and a little more. */
export function stepOf(order: Order): Pick<OrderProcess, 'step' | 'deadline'> {
  const soon = new Date(order.updatedAt.getTime() + answerMsMax);
  const afterExpiry = new Date(order.expiresAt.getTime() + answerMsMax);
  const { status } = order;
  if (isFinal(status)) return { step: 'DONE', deadline: null };
  switch (status) {
    case 'RESERVING':
      return { step: 'HOLD', deadline: soon };
    case 'ACCEPTED':
      return { step: 'AWAIT_MARKET', deadline: afterExpiry };
    case 'OPEN':
      return { step: 'PLACE', deadline: soon };
    case 'PLACED':
    case 'PARTIALLY_FILLED':
      return { step: 'FILL', deadline: afterExpiry };
    case 'CANCEL_PENDING':
      return { step: 'CANCEL', deadline: soon };
    default:
      return neither(status);
  }
}

/** Whether an order ended before the deadline of its step; null if it did not end. */
export function endOf(before: Order, after: Order, now: Date): 'in_time' | 'late' | null {
  const { deadline } = stepOf(before);
  if (deadline === null || !isFinal(after.status)) return null;
  return now <= deadline ? 'in_time' : 'late';
}

/** What a process has from the moment on in which it is helped by hand. */
export const renewedUntil = (now: Date): Date => new Date(now.getTime() + answerMsMax);

function neither(status: never): never {
  throw new Error(`an order cannot be ${String(status)}`);
}
