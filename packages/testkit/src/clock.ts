import type { Clock } from '@simplebank/kernel/clock';

/** A clock that stands still until it is moved; it never runs backwards. */
export type VirtualClock = Clock & {
  readonly advance: (ms: number) => void;
  /** Goes forward to this moment. */
  readonly moveTo: (at: Date | string) => void;
};

/** `start` is an instant such as `2026-11-20T15:00:00.000Z`. */
export function createVirtualClock(start: Date | string): VirtualClock {
  let now = new Date(start).getTime();
  if (Number.isNaN(now)) throw new Error(`${String(start)} is no instant`);
  const moveTo = (at: number) => {
    if (!(at >= now)) throw new Error(`the clock stands at ${new Date(now).toISOString()} already`);
    now = at;
  };
  return {
    now: () => new Date(now),
    advance: (ms) => moveTo(now + ms),
    moveTo: (at) => moveTo(new Date(at).getTime()),
  };
}
