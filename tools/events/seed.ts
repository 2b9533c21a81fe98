import type { By } from '@simplebank/chassis/operator';
import { eventsFor, type Subscriber, subscribers } from '@simplebank/contracts/subscriptions';
import type { Doors } from '../operators/doors.ts';

export type Seeding = {
  readonly to: Subscriber;
  readonly by: By;
  /** Hears after each page that was kept; what it throws ends the seeding. */
  readonly onPage?: (source: Subscriber, cursor: string) => void;
};

const pageMax = 500;

/** Contexts that own an event which this subscriber copies. */
const sourcesOf = (doors: Doors, to: Subscriber): readonly Subscriber[] => {
  const copied = eventsFor(to).filter((type) => doors[to].copies.isCopied(type));
  return subscribers.filter((name) => copied.some((type) => type.startsWith(`${name}.`)));
};

/**
 * Fills the copies of a subscriber from the feeds of their owners, from where it was interrupted. A
 * page and the cursor after it are kept together. The subscriber's queue has received all that was
 * published since it listens, and copies keep the highest version: no gap and no order is needed
 * between feed and queue. Answers how many events were kept; null when another one fills it now.
 */
export async function seed(doors: Doors, { to, by, onPage }: Seeding): Promise<number | null> {
  let kept = 0;
  const ran = await doors[to].copies.fill(by, async (take) => {
    for (const source of sourcesOf(doors, to)) {
      let after = (await doors[to].copies.progress(source))?.cursor ?? null;
      for (let isEnd = false; !isEnd; ) {
        const page = await doors[source].events.page({ after, limit: pageMax });
        kept += await take.seed(source, page);
        onPage?.(source, page.next);
        ({ next: after, isEnd } = page);
      }
    }
  });
  return ran ? kept : null;
}
