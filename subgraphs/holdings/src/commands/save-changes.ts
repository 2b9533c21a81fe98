import { publish } from '@simplebank/chassis/outbox';
import type { Cause, Fact } from '@simplebank/contracts/event';
import { savePositions } from '../data/positions.ts';
import type { Deps, Tx } from '../deps.ts';
import { keyOf, type Position } from '../domain/position.ts';
import { positionChanged } from '../events/published.ts';

export type Changes = {
  readonly before: ReadonlyMap<string, Position>;
  readonly after: ReadonlyMap<string, Position>;
  /** What last touched each position, by its key. */
  readonly causes: ReadonlyMap<string, Cause>;
  readonly facts?: readonly Fact[];
};

/** Saves what changed, raises each version once, and publishes it with the other facts. */
export async function saveChanges(tx: Tx, deps: Deps, changes: Changes): Promise<void> {
  const { before, after, causes, facts = [] } = changes;
  const changed = [...after.values()]
    .filter((position) => isChanged(before.get(keyOf(position)), position))
    .map((position) => ({ ...position, version: position.version + 1 }));
  await savePositions(tx, changed, deps.clock.now());
  const news = changed.map((position) => {
    const cause = causes.get(keyOf(position));
    if (!cause) throw new Error(`position ${keyOf(position)} changed without a cause`);
    return positionChanged(position, cause);
  });
  await publish(tx, deps, [...facts, ...news]);
}

function isChanged(before: Position | undefined, after: Position): boolean {
  if (!before) return true;
  return (
    !before.quantity.equals(after.quantity) ||
    !before.reserved.equals(after.reserved) ||
    !before.cost.equals(after.cost)
  );
}
