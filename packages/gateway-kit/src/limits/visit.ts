import type { Asked, Operation, Outcome } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import type { Budgets } from './budgets.ts';
import type { Caller } from './caller.ts';
import type { createConcurrency } from './concurrency.ts';
import { isCritical } from './critical.ts';
import type { Gate, Rank } from './gate.ts';

/** One operation on its way through the limits. */
export type Visit = {
  /** Its estimated cost, once it is known what is asked. Rejects with LimitExceeded. */
  readonly admit: (operation: Operation, variables: Asked['variables']) => Promise<void>;
  /** Its real cost, once it is known what was answered. */
  readonly charge: (operation: Operation, data: Outcome['data']) => void;
  /** To be called in any case; calling it again changes nothing. */
  readonly leave: () => void;
};

export type Rooms = {
  readonly budgets: Budgets;
  readonly gate: Gate;
  readonly concurrency: ReturnType<typeof createConcurrency>;
  readonly concurrentMaxOf: (caller: Caller) => number;
};
export type Visitor = {
  readonly caller: Caller;
  /** By the text alone; `admit` looks again. */
  readonly critical: boolean;
  /** Where it stands when it turns out not to be critical. */
  readonly rank: Exclude<Rank, 'critical'>;
  readonly story: Story;
};

/** Takes a place for an operation that nobody has read yet. Rejects with LimitExceeded. */
export async function openVisit(rooms: Rooms, visitor: Visitor): Promise<Visit> {
  let wish = { caller: visitor.caller, critical: visitor.critical };
  let leave = await takePlace(rooms, visitor);
  let estimated = 1;

  /** Whoever only names something critical goes back to where it belongs. */
  async function demote(): Promise<void> {
    leave();
    leave = () => {};
    wish = { ...wish, critical: false };
    leave = await takePlace(rooms, { ...visitor, critical: false });
  }
  return {
    async admit(operation, variables) {
      if (wish.critical && !isCritical(operation)) await demote();
      estimated = Math.max(1, Math.ceil(operation.cost(variables)));
      if (estimated === 1) return;
      visitor.story.standing.taken = await rooms.budgets.spend(wish, estimated - 1);
    },
    charge(operation, data) {
      const spared = estimated - Math.max(1, Math.ceil(operation.actualCost(data)));
      rooms.budgets.settle(wish, spared);
      const { standing } = visitor.story;
      if (!standing.taken) return;
      const { limit, remaining } = standing.taken;
      const left = Math.min(limit, Math.max(0, remaining + spared));
      standing.taken = { ...standing.taken, remaining: left };
    },
    leave() {
      leave();
      leave = () => {};
    },
  };
}

/** Whoever has too much running is told before anything is counted or waits. */
async function takePlace(rooms: Rooms, visitor: Visitor): Promise<() => void> {
  const { budgets, gate, concurrency, concurrentMaxOf } = rooms;
  const { caller, critical, rank, story } = visitor;
  const key = critical ? `${caller.key} critical` : caller.key;
  const end = concurrency.enter(key, concurrentMaxOf(caller));
  try {
    await budgets.begin({ caller, critical }, story.standing);
    const leaveGate = await gate.enter(critical ? 'critical' : rank);
    return () => {
      leaveGate();
      end();
    };
  } catch (error) {
    end();
    throw error;
  }
}
