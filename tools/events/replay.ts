import type { By, FeedEvent } from '@simplebank/chassis/operator';
import { type Subscriber, subscribersOf } from '@simplebank/contracts/subscriptions';
import type { Doors } from '../operators/doors.ts';

/** Which events of one context; null: not limited by it. Instants are of their recording. */
export type Range = {
  readonly from: Subscriber;
  readonly since: Date | null;
  readonly until: Date | null;
  readonly type: string | null;
  readonly aggregateId: string | null;
};
export type Replayed = {
  readonly read: number;
  readonly copied: number;
  readonly parked: number;
};

const pageMax = 500;

const isIn = ({ since, until, type, aggregateId }: Range, event: FeedEvent): boolean =>
  (type === null || event.type === type) &&
  (aggregateId === null || event.aggregateId === aggregateId) &&
  (since === null || event.recordedAt >= since) &&
  (until === null || event.recordedAt < until);

/** All events of a range, page by page, in the order of their commits. */
export async function* eventsOf(doors: Doors, range: Range): AsyncGenerator<readonly FeedEvent[]> {
  for (let after: string | null = null; ; ) {
    const page = await doors[range.from].events.page({ after, limit: pageMax });
    const chosen = page.events.filter((event) => isIn(range, event));
    if (chosen.length > 0) yield chosen;
    if (page.isEnd) return;
    after = page.next;
  }
}

/**
 * Sends a range to one subscriber. Copies are kept again whatever its inbox says; everything else
 * it gets only if it had no effect there yet, so nothing outside is done twice (ADR 0025). Null
 * when somebody else fills that subscriber now.
 */
export async function replay(
  doors: Doors,
  { range, to, by }: { readonly range: Range; readonly to: Subscriber; readonly by: By },
): Promise<Replayed | null> {
  const told = { read: 0, copied: 0, parked: 0 };
  const ran = await doors[to].copies.fill(by, async (take) => {
    for await (const events of eventsOf(doors, range)) {
      const heard = events.filter(({ type }) => subscribersOf(type).includes(to));
      told.read += events.length;
      if (heard.length === 0) continue;
      const { copied, parked } = await take.replay(heard);
      told.copied += copied;
      told.parked += parked;
    }
  });
  return ran ? told : null;
}
