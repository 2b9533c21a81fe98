import { recordLimited } from '@simplebank/chassis/metrics';
import type { Shared } from '@simplebank/chassis/shared';
import type { Asked } from '../request/steps.ts';
import type { Story } from '../request/story.ts';
import { createBudgets } from './budgets.ts';
import { type Caller, callerOf } from './caller.ts';
import { createConcurrency } from './concurrency.ts';
import { mayBeCritical } from './critical.ts';
import { createFamiliarity } from './familiarity.ts';
import { createGate } from './gate.ts';
import { watchLag } from './lag.ts';
import { LimitExceeded } from './limit-exceeded.ts';
import type { LimitSettings } from './settings.ts';
import { openVisit, type Rooms, type Visit } from './visit.ts';

/** Behind one address there are more callers than one. */
const callersPerAddress = 4;

export type Limits = {
  /** Before the operation is read: a place for it, or LimitExceeded. */
  readonly enter: (asked: Asked, story: Story) => Promise<Visit>;
  readonly close: () => void;
};

export type LimitsOptions = {
  readonly name: string;
  readonly settings: LimitSettings;
  readonly shared: Shared;
};

/** Step three of a request's way: limits by caller, by gateway and by what the process can bear. */
export function createLimits({ name, settings, shared }: LimitsOptions): Limits {
  const { concurrentMax } = settings;
  const lag = watchLag();
  const familiarity = createFamiliarity();
  const rooms: Rooms = {
    budgets: createBudgets({ name, settings, shared }),
    gate: createGate({ ...settings.gate, lagMs: lag.lagMs }),
    concurrency: createConcurrency(),
    concurrentMaxOf: ({ named }: Caller) => concurrentMax * (named ? 1 : callersPerAddress),
  };
  const counted = countedBy(name);
  return {
    async enter(asked, story) {
      const caller = callerOf(story);
      const common = familiarity.greet(caller.key) || asked.id !== undefined;
      const critical = mayBeCritical(asked.query);
      const rank = common ? 'common' : 'infrequent';
      const visit = await openVisit(rooms, { caller, critical, rank, story }).catch(counted);
      return {
        ...visit,
        admit: (operation, variables) => visit.admit(operation, variables).catch(counted),
      };
    },
    close: lag.close,
  };
}

/** Counts what it rethrows. */
export const countedBy =
  (service: string) =>
  (error: unknown): never => {
    if (error instanceof LimitExceeded) recordLimited({ service, strategy: error.strategy });
    throw error;
  };

const freeVisit: Visit = { admit: async () => {}, charge: () => {}, leave: () => {} };

/** For whoever measures what runs behind the limits. */
export const noLimits: Limits = { enter: async () => freeVisit, close: () => {} };
