import type { Clock } from '@simplebank/kernel/clock';
import type { PaymentOrder, PaymentProvider, ProviderState } from '../provider.ts';

export type SimulatedProviderOptions = { readonly clock: Clock; readonly delayMs: number };

/** A payment of this reference whose amount ends in .99 is refused, to show how that goes. */
const refusedReference = 'FAIL';
const refusedEnding = /\.99$/;

/**
 * Answers after `delayMs`. It remembers nothing: its answer follows from the payment alone, so it
 * survives a crash of our process as a real provider would.
 */
export const simulatedProvider = (options: SimulatedProviderOptions): PaymentProvider => ({
  submit: async () => {},
  status: async (order) => stateAt(order, options),
});

function stateAt(order: PaymentOrder, { clock, delayMs }: SimulatedProviderOptions): ProviderState {
  const answersAt = order.submittedAt.getTime() + delayMs;
  if (clock.now().getTime() < answersAt) return { state: 'PENDING' };
  const ending = refusedEnding.test(order.amount.amount.toFixed(2));
  if (ending && order.reference === refusedReference) {
    return { state: 'REFUSED', reason: 'REFUSED_BY_PROVIDER' };
  }
  return { state: 'CONFIRMED' };
}
