import type { Degraded } from '@simplebank/chassis/fallbacks';
import type { Outcome } from './steps.ts';

/** An answer by fallback says so (OPS-64), once for each dependency and kind, and is not kept. */
export function withMarks(outcome: Outcome, marks: readonly Degraded[]): Outcome {
  const oldest = new Map<string, Degraded>();
  for (const mark of marks) {
    const key = `${mark.dependency} ${mark.kind}`;
    const before = oldest.get(key);
    if (!before || (mark.asOf ?? '') < (before.asOf ?? '')) oldest.set(key, mark);
  }
  return {
    ...outcome,
    extensions: { ...outcome.extensions, degraded: [...oldest.values()] },
    cacheHint: { maxAgeSeconds: 0, scope: 'PRIVATE' },
  };
}
