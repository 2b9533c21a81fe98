import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { lockOrders } from '../data/strategy-orders.ts';
import { recordOrder } from './record-order.ts';

export type CancelWish = {
  /** An investment of one of the customer's own accounts. */
  readonly strategyOrderId: string;
  readonly customerId: string;
  /** Null when the command came without one: canceling twice has one effect anyway. */
  readonly idempotencyKey: string | null;
};
export type CancelRefusalCode = 'NOT_CANCELABLE' | 'IDEMPOTENCY_KEY_REUSED';

const command = 'cancelStrategyOrder';

/**
 * Possible while it waits for its payment; a second cancel answers the first. Answers the id of the
 * investment.
 */
export function cancelStrategyOrder(
  deps: Deps,
  { strategyOrderId: id, customerId: owner, idempotencyKey: key }: CancelWish,
  story: Story,
): Promise<Result<string, CancelRefusalCode>> {
  const input = { strategyOrderId: id };
  const ask = { owner, key, command, input, movesMoney: true, subjectId: id };
  return once<'NOT_CANCELABLE'>(deps, ask, async (tx) => {
    const [before] = await lockOrders(tx, [id]);
    if (!before) throw new Error(`strategy order ${id} has gone`);
    if (before.status === 'CANCELED') return ok(null);
    if (before.status !== 'WAITING_FOR_PAYMENT') return refuse('NOT_CANCELABLE');
    const after = { ...before, status: 'CANCELED' } as const;
    await recordOrder(tx, deps, { before, after, command, story });
    return ok(null);
  });
}
