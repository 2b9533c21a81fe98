import { attempt } from '../../commands/attempt.ts';
import { actorOfJob } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockOrders, overdue } from '../data/strategy-orders.ts';
import { type StrategyOrder, withoutAnswer } from '../domain/strategy-order.ts';
import { recordOrder } from './record-order.ts';

const ordersMax = 100;
const command = 'failOverdue';

/**
 * A payment that has not arrived after seven days is not waited for any longer (domain §6.2), nor
 * is the order of a part half an hour after it was asked for.
 */
export async function failOverdue(deps: Deps): Promise<void> {
  for (const id of await overdue(deps.db, deps.clock.now(), ordersMax)) {
    await attempt(deps, { kind: 'INVESTMENT', id }, (tx) => endWaiting(tx, deps, id));
  }
}

async function endWaiting(tx: Tx, deps: Deps, id: string): Promise<void> {
  const [before] = await lockOrders(tx, [id]);
  const after = before && endedWaiting(before, deps.clock.now());
  if (!after) return;
  const cause = { correlationId: deps.newId(), causationId: null, traceparent: null };
  const story: Story = { by: actorOfJob('fail-overdue'), cause };
  await recordOrder(tx, deps, { before, after, command, story });
}

/** Null when it was not overdue any more once it was locked: what it waited for has come. */
function endedWaiting(order: StrategyOrder, now: Date): StrategyOrder | null {
  if (order.expiresAt > now) return null;
  if (order.status === 'WAITING_FOR_PAYMENT') return { ...order, status: 'FAILED' };
  return order.status === 'PLACING' ? withoutAnswer(order) : null;
}
