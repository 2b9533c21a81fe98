import type { Limiter, Shared, Taken } from '@simplebank/chassis/shared';
import type { Story } from '../request/story.ts';
import type { Caller } from './caller.ts';
import { LimitExceeded, type Strategy } from './limit-exceeded.ts';
import type { LimitSettings } from './settings.ts';

const minuteSeconds = 60;
const everybody = 'all';

type BudgetOptions = {
  /** The gateway's: each has limits of its own. */
  readonly name: string;
  readonly settings: LimitSettings;
  readonly shared: Shared;
};
type Standing = Story['standing'];
type Wish = { readonly caller: Caller; readonly critical: boolean };

export type Budgets = ReturnType<typeof createBudgets>;

function limitersOf({ name, settings, shared }: BudgetOptions) {
  const { budget, volume, localShare } = settings;
  const limiter = (of: string, pointsMax: number, windowSeconds: number) =>
    shared.limiter({ name: `${name}-${of}`, pointsMax, windowSeconds, localShare });
  const principals = limiter('principal', budget.principalPoints, minuteSeconds);
  const addresses = limiter('address', budget.addressPoints, minuteSeconds);
  const critical = limiter('critical', budget.criticalPoints, minuteSeconds);
  const ceiling = limiter('volume', volume.perSecond, 1);
  const reserved = limiter('critical-volume', volume.criticalPerSecond, 1);
  return {
    pointsOf: (wish: Wish): Limiter => {
      if (wish.critical) return critical;
      return wish.caller.named ? principals : addresses;
    },
    volumeOf: (wish: Wish): Limiter => (wish.critical ? reserved : ceiling),
  };
}

const refusedBy = (wish: Wish, strategy: Strategy): Strategy =>
  wish.critical ? 'critical' : strategy;

/** Cost points by caller and requests by gateway, apart for what is critical. */
export function createBudgets(options: BudgetOptions) {
  const { pointsOf, volumeOf } = limitersOf(options);
  return {
    /** One point for whatever will be asked. Throws LimitExceeded RATE_LIMITED. */
    async begin(wish: Wish, standing: Standing): Promise<void> {
      const [taken, all] = await Promise.all([
        pointsOf(wish).take(wish.caller.key, 1),
        volumeOf(wish).take(everybody, 1),
      ]);
      standing.taken = taken;
      if (!taken.allowed) {
        // Whoever is beyond its own points takes nothing from what all others may ask.
        void volumeOf(wish).give(everybody, 1);
        throw exceeded(refusedBy(wish, 'budget'), taken);
      }
      if (!all.allowed) throw exceeded(refusedBy(wish, 'volume'), all);
    },
    /** The rest of the cost. Points that are refused are not kept. Throws LimitExceeded. */
    async spend(wish: Wish, points: number): Promise<Taken> {
      const taken = await pointsOf(wish).take(wish.caller.key, points);
      if (taken.allowed) return taken;
      void pointsOf(wish).give(wish.caller.key, points);
      throw exceeded(refusedBy(wish, 'budget'), taken);
    },
    /** Points that were estimated and not needed; negative for what was needed in excess. */
    settle(wish: Wish, points: number): void {
      if (points > 0) void pointsOf(wish).give(wish.caller.key, points);
      if (points < 0) void pointsOf(wish).take(wish.caller.key, -points);
    },
  };
}

const exceeded = (strategy: Strategy, { resetMs }: Taken) =>
  new LimitExceeded({ code: 'RATE_LIMITED', strategy, retryAfterMs: resetMs });
