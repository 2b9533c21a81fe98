import type { LimitSettings } from '../../src/limits/settings.ts';

type Changes = {
  readonly [Key in keyof LimitSettings]?: LimitSettings[Key] extends number
    ? number
    : Partial<LimitSettings[Key]>;
};

/** Limits that nobody meets, but for those that a test sets. */
export const limitsOf = (changes: Changes = {}): LimitSettings => ({
  trustedProxies: changes.trustedProxies ?? 0,
  budget: {
    ...{ principalPoints: 1_000_000, addressPoints: 1_000_000, criticalPoints: 1_000_000 },
    ...changes.budget,
  },
  volume: { ...{ perSecond: 1_000_000, criticalPerSecond: 1_000_000 }, ...changes.volume },
  concurrentMax: changes.concurrentMax ?? 10_000,
  gate: {
    ...{ inFlightMax: 10_000, reserved: 100, waitingMax: 100 },
    // Beyond the bound of any test, so that nobody is refused for slowness of the machine.
    ...{ waitMsMax: 60_000, lagMsMax: 600_000 },
    ...changes.gate,
  },
  localShare: changes.localShare ?? 0.5,
});

/** Work that ends when the test says so. */
export function createHold() {
  const held: (() => void)[] = [];
  return {
    count: () => held.length,
    wait: () => new Promise<string>((resolve) => held.push(() => resolve('let go'))),
    letGo(): void {
      for (const release of held.splice(0)) release();
    },
  };
}
