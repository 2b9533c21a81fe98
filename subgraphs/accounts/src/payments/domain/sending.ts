import type { AccountStatus } from '../../accounts/domain/transitions.ts';
import { withdrawalHoldLifeMs } from './payment.ts';

/** Which payments that were asked for may go to the provider. */
export type Sending = {
  /** States of an account in which a withdrawal goes out. */
  readonly out: readonly AccountStatus[];
  /** States of an account in which a deposit is asked for. */
  readonly into: readonly AccountStatus[];
  /** A withdrawal as old as this is kept back no longer: its hold expires, and it fails unsent. */
  readonly heldSince: Date;
};

export type States = {
  readonly all: readonly AccountStatus[];
  /** Those in which a customer may withdraw. */
  readonly withdrawing: readonly AccountStatus[];
};

/**
 * A state that came after a payment was asked for and before it was sent keeps it back (domain
 * §2.3): nothing leaves an account that may not withdraw, and a frozen one takes nothing in. What
 * an account on its way out had asked for before still comes: it is running business.
 */
export const sendingAt = (now: Date, { all, withdrawing }: States): Sending => ({
  out: withdrawing,
  into: all.filter((status) => status !== 'FROZEN'),
  heldSince: new Date(now.getTime() - withdrawalHoldLifeMs),
});
