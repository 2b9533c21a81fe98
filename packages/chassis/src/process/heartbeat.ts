import { AsyncLocalStorage } from 'node:async_hooks';
import { Gauge } from 'prom-client';
import { metrics } from './metrics.ts';

/** A beat is due every 5 s, and three may be missed (OPS-74). */
export const beatMs = 5_000;
const silentMsMax = 3 * beatMs;

const age = new Gauge({
  name: 'simplebank_heartbeat_age_seconds',
  help: 'How long a worker has been at one piece of work without getting on; 0 while it waits.',
  labelNames: ['service', 'worker'] as const,
  registers: [metrics],
  collect() {
    this.reset();
    for (const heart of beating) {
      const { service, worker } = heart;
      this.set({ service, worker }, heart.ageMs() / 1000);
    }
  },
});

export type Heart = {
  readonly service: string;
  readonly worker: string;
  /**
   * Runs one piece of work; each commit inside it is a beat. Work that rejects will come again, so
   * its age goes on until it is done.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
  ageMs(): number;
  isAlive(): boolean;
  /** It works no more, so nobody waits for its beats. */
  rest(): void;
};

type Beat = { at: number };
const atWork = new AsyncLocalStorage<Beat>();
const beating = new Set<Heart>();

/** Whoever is at work here has got on. Called at each commit, it costs a lookup. */
export function beat(): void {
  const current = atWork.getStore();
  if (current) current.at = Date.now();
}

export type HeartOptions = {
  readonly service: string;
  readonly worker: string;
  /** Work that rightly takes long without a commit may be silent for longer. */
  readonly silentMs?: number;
};

/** The heart of a worker that does one thing after another. It counts from its first work. */
export function createHeart({ service, worker, silentMs = silentMsMax }: HeartOptions): Heart {
  const pieces = new Set<Beat>();
  let failingSince: number | null = null;
  const heart: Heart = {
    service,
    worker,
    async during(work) {
      beating.add(heart);
      const piece = { at: Date.now() };
      pieces.add(piece);
      try {
        const result = await atWork.run(piece, work);
        failingSince = null;
        return result;
      } catch (error) {
        failingSince ??= piece.at;
        throw error;
      } finally {
        pieces.delete(piece);
      }
    },
    ageMs: () => {
      const since = [...pieces].map(({ at }) => at).concat(failingSince ?? []);
      return Math.max(0, ...since.map((at) => Date.now() - at));
    },
    isAlive: () => heart.ageMs() < silentMs,
    rest: () => {
      beating.delete(heart);
      age.remove({ service, worker });
    },
  };
  return heart;
}
