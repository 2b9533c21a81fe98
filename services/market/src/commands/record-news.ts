import { publish } from '@simplebank/chassis/outbox';
import type { Cause, Fact } from '@simplebank/contracts/event';
import type { Tx } from '../data/client.ts';
import { type KnownOrder, saveOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import { allHappened, type Happening, type VenueOrder } from '../domain/venue-order.ts';
import { orderFacts } from '../events/published.ts';

/** Applies what happened to locked orders, saves those that changed and publishes the news. */
export async function recordHappenings(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'newId'>,
  happenings: readonly { readonly known: KnownOrder; readonly list: readonly Happening[] }[],
): Promise<void> {
  const changed: VenueOrder[] = [];
  const facts: Fact[] = [];
  for (const { known, list } of happenings) {
    const { order, news } = allHappened(known.order, list);
    const cause: Cause = known.story;
    if (order !== known.order) changed.push(order);
    facts.push(...orderFacts(order, news, cause));
  }
  if (changed.length > 0) await saveOrders(tx, changed, deps.clock.now());
  await publish(tx, deps, facts);
}
