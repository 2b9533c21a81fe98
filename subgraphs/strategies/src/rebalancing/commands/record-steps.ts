import { publish } from '@simplebank/chassis/outbox';
import type { Cause, Fact } from '@simplebank/contracts/event';
import { type Actor, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { saveItems, saveStep } from '../data/runs.ts';
import type { RunStep } from '../domain/advance.ts';
import type { RunItem } from '../domain/item.ts';
import type { Run } from '../domain/run.ts';
import { endOf } from '../domain/transitions.ts';
import { partsPerEventMax, rebalanceCompleted, rebalanceReady } from '../events/published.ts';

/** Who moves a run, by which command, and what led to it. */
export type Mover = { readonly by: Actor; readonly command: string; readonly cause: Cause };
type Publishing = Pick<Deps, 'clock' | 'newId'>;
export type Moves = { readonly before: Run; readonly steps: readonly RunStep[] };

/**
 * Saves the steps of a locked run one by one, since the database judges each, with the facts that
 * they stand for and one line of the audit. Answers the run after the last step.
 */
export async function recordSteps(
  tx: Tx,
  deps: Publishing,
  { before, steps, by, command, cause }: Moves & Mover,
): Promise<Run> {
  let run = before;
  for (const { event, run: after } of steps) {
    const facts: Fact[] = [];
    const asked = sentBy(run, after);
    run = { ...after, eventVersion: run.eventVersion };
    const tell = (fact: (run: Run) => Fact) => {
      run = { ...run, eventVersion: run.eventVersion + 1 };
      facts.push(fact(run));
    };
    for (let from = 0; from < asked.length; from += partsPerEventMax) {
      const parts = asked.slice(from, from + partsPerEventMax);
      tell((now) => rebalanceReady(now, parts, cause));
    }
    if (endOf(run.status)) tell((now) => rebalanceCompleted(now, cause));
    // One after another: they share the transaction's connection.
    await saveStep(tx, { event, run });
    await saveItems(tx, run);
    await publish(tx, deps, facts);
  }
  const states = { before: before.status, after: run.status };
  if (steps.length > 0) await audit(tx, deps, [{ by, command, subject: run.id, ...states }]);
  return run;
}

/** What this step asks orders for; what was asked before keeps its order. */
function sentBy(before: Run, after: Run): readonly RunItem[] {
  const known = new Map(before.items.map((item) => [keyOf(item), item.status]));
  return after.items.filter(
    (item) => item.status === 'REQUESTED' && known.get(keyOf(item)) !== 'REQUESTED',
  );
}
const keyOf = ({ side, assetId }: RunItem): string => `${side} ${assetId}`;
