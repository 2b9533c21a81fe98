import { createLoop } from '@simplebank/chassis/loop';
import type { Part } from '@simplebank/chassis/process';
import type { Channel } from './channel.ts';
import { batchesOf, claimFor, deliverClaimed } from './commands/deliver-due.ts';
import type { Deps } from './deps.ts';

const pollMs = 1_000;

type Batch = Parameters<typeof deliverClaimed>[2];
const customersOf = (batch: Batch) => batch.map(({ customerId }) => customerId);

/**
 * Delivers over one channel, as many at once as it has lanes. A delivery that takes its time keeps
 * its lane and no other, and, where one customer may have one lane, no other customer waits for it;
 * a channel that is down keeps no other channel. Closing waits for what is under way.
 */
export function deliveryLoop(deps: Deps, channel: Channel): Part {
  const underWay = new Map<Promise<void>, readonly string[]>();
  const { name, lanes, batchMax } = channel;

  async function turn(): Promise<number> {
    const free = lanes - underWay.size;
    if (free === 0) return pollMs;
    const busy = [...underWay.values()].flat();
    const claimed = await claimFor(deps, channel, { max: free * batchMax, busy });
    for (const batch of batchesOf(claimed, batchMax)) begin(batch);
    return pollMs;
  }

  function begin(batch: Batch): void {
    const delivery: Promise<void> = deliverClaimed(deps, channel, batch)
      .catch((error: unknown) => {
        const fields = { error_code: 'NOT_RECORDED', channel: name, error };
        deps.log.error(fields, 'deliveries were not recorded; they are repeated');
      })
      .finally(() => {
        underWay.delete(delivery);
        loop.wake();
      });
    underWay.set(delivery, customersOf(batch));
  }

  const about = { service: 'notifications', name: `deliver-${name.toLowerCase()}`, log: deps.log };
  const loop = createLoop({ ...about, retryMs: pollMs, turn });
  return {
    name: `notifications-${name.toLowerCase()}`,
    start: () => loop.start(),
    async close() {
      await loop.close();
      await Promise.all(underWay.keys());
      await channel.close();
    },
    ready: () => loop.ready(),
  };
}
