import { createGuard, type GuardOptions } from '@simplebank/chassis/guard';
import type { PaymentProvider } from '../provider.ts';

/** Every call has a deadline of 5 s and passes a circuit breaker that is shared by all calls. */
export function guardedProvider(
  provider: PaymentProvider,
  options: Pick<GuardOptions, 'clock' | 'log'>,
): PaymentProvider {
  const dependency = `payment provider ${provider.name}`;
  const guard = createGuard({ ...options, service: 'accounts', dependency });
  return {
    name: provider.name,
    isReachable: guard.isPassable,
    submit: (order) => guard.call(() => provider.submit(order)),
    status: (order) => guard.call(() => provider.status(order)),
    notices: (after) => guard.call(() => provider.notices(after)),
  };
}
