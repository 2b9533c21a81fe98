import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';

/**
 * An answer that is not as good as it would be with all parts well (OPS-64): `cached` is what a
 * gateway kept, `quantities_only` is a valuation whose prices are missing or too old.
 */
export type FallbackKind = 'cached' | 'quantities_only';

/** As `extensions.degraded` lists it. */
export type Degraded = {
  readonly dependency: string;
  readonly kind: FallbackKind;
  /** When what was told is from; the oldest of it. */
  readonly asOf?: string;
  /** Older than its age bound. */
  readonly stale?: boolean;
};

const fallbacks = new Counter({
  name: 'simplebank_fallback_total',
  help: 'Answers given by a fallback, by the dependency that was missed and the kind of fallback.',
  labelNames: ['service', 'dependency', 'kind'] as const,
  registers: [metrics],
});

type Fallback = {
  readonly service: string;
  readonly dependency: string;
  readonly kind: FallbackKind;
};

/** `dependency` is from a bounded set of names. */
export const recordFallback = (of: Fallback): void => fallbacks.inc(of);

/** From the start at 0, so that the first fallback is a rise that an alert can see. */
export const beginFallback = (of: Fallback): void => fallbacks.inc(of, 0);
