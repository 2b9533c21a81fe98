import type { By, CopyName } from '@simplebank/chassis/operator';
import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { eventsOf } from '../events/replay.ts';
import type { Doors } from '../operators/doors.ts';
import { type Finding, nothing } from './finding.ts';

export type Repaired = { readonly finding: Finding; readonly events: number };

const kinds = ['account', 'asset', 'position'] as const;

/** The copy that a finding is about; null for a finding about anything else, which no one mends. */
function copyOf({ law, explanation }: Finding): CopyName | null {
  const kind = kinds.find((one) => law === `${one} copies equal their owner`);
  return kind && explanation ? { kind, id: explanation.aggregateId } : null;
}

/** One reading of an owner's feed for all of its damaged copies. */
async function bodiesOf(
  doors: Doors,
  { from, ids }: { readonly from: Subscriber; readonly ids: ReadonlySet<string> },
): Promise<ReadonlyMap<string, string[]>> {
  const bodies = new Map<string, string[]>([...ids].map((id) => [id, []]));
  const all = { from, since: null, until: null, type: null, aggregateId: null };
  for await (const events of eventsOf(doors, all)) {
    for (const { aggregateId, body } of events) bodies.get(aggregateId)?.push(body);
  }
  return bodies;
}

/**
 * Makes damaged copies anew from their owners' events (ADR 0025). An owner is never edited, nor is
 * anything that is reckoned or booked: such a difference is for staff. Answers what was mended.
 */
export async function repair(
  doors: Doors,
  { drift, by }: { readonly drift: readonly Finding[]; readonly by: By },
): Promise<readonly Repaired[]> {
  const damaged = drift.flatMap((finding) => {
    const name = copyOf(finding);
    return name && finding.explanation ? [{ finding, name, ...finding.explanation }] : [];
  });
  const repaired: Repaired[] = [];
  for (const from of new Set(damaged.map((one) => one.from))) {
    const mine = damaged.filter((one) => one.from === from);
    const ids = new Set(mine.map(({ name }) => name.id));
    const bodies = await bodiesOf(doors, { from, ids });
    for (const { finding, name, to } of mine) {
      const told = bodies.get(name.id) ?? [];
      // Nothing was told of what the owner has: then the events are wrong, and no copy is removed.
      if (told.length === 0 && finding.expected !== nothing) continue;
      await doors[to].copies.rebuild(name, told, by);
      repaired.push({ finding, events: told.length });
    }
  }
  return repaired;
}
