import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatorConfig } from './config.ts';
import type { Desk } from './desk.ts';
import { changed, type Faults, type FaultsChange, type Mishap, mishapOf } from './domain/faults.ts';

/** `CUT`: no answer comes; `ERROR`: the venue says that it failed. */
export class VenueFault extends Error {
  override readonly name = 'VenueFault';
  readonly kind: 'CUT' | 'ERROR';

  constructor(kind: 'CUT' | 'ERROR', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Longer than any participant waits. */
const hangMs = 30_000;

/**
 * The same desk with the mishaps that the faults in force and the seed decide, call by call. A lost
 * answer belongs to a call that was carried out.
 */
export function misbehaving(
  desk: Desk,
  config: SimulatorConfig,
): { readonly desk: Desk; readonly setFaults: (change: FaultsChange) => Faults } {
  let faults: Faults = faultsAtStart(config);
  let calls = 0;
  async function through<T>(call: () => Promise<T>): Promise<T> {
    calls += 1;
    const mishap = mishapOf(faults, config.VENUE_SEED, calls);
    await suffer(mishap);
    const answer = await call();
    if (mishap.isAnswerLost) throw new VenueFault('CUT', 'the answer was lost');
    return answer;
  }
  return {
    desk: {
      place: (orders) => through(() => desk.place(orders)),
      find: (clientIds) => through(() => desk.find(clientIds)),
      cancel: (clientIds) => through(() => desk.cancel(clientIds)),
      replace: (rebases) => through(() => desk.replace(rebases)),
      reports: (after) => through(() => desk.reports(after)),
      quotes: (symbols) => through(() => desk.quotes(symbols)),
    },
    setFaults(change) {
      faults = changed(faults, change);
      return faults;
    },
  };
}

const faultsAtStart = (config: SimulatorConfig): Faults => ({
  outage: 'NONE',
  latencyMs: config.VENUE_LATENCY_MS,
  lostAnswerPercent: config.VENUE_LOST_ANSWER_PERCENT,
  errorPercent: config.VENUE_ERROR_PERCENT,
});

async function suffer({ delayMs, before }: Mishap): Promise<void> {
  const waitMs = before === 'HANG' ? hangMs : delayMs;
  if (waitMs > 0) await pause(waitMs, undefined, { ref: false });
  if (before === 'ERROR') throw new VenueFault('ERROR', 'the venue has a fault');
  if (before !== 'NONE') throw new VenueFault('CUT', 'the connection was cut');
}
