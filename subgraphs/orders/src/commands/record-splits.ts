import { insertSplits, type NewSplit } from '../data/splits.ts';
import type { Deps, Transaction } from '../deps.ts';

/** `effectiveAt`: when it was told to have begun. */
type ToldSplit = Omit<NewSplit, 'recordedAt' | 'basisAt'> & { readonly effectiveAt: Date };

/** Notes splits that have begun; their orders are re-based by a job, page by page. */
export async function recordSplits(
  tx: Transaction,
  { clock, hours }: Pick<Deps, 'clock' | 'hours'>,
  splits: readonly ToldSplit[],
): Promise<void> {
  if (splits.length === 0) return;
  const recordedAt = clock.now();
  await insertSplits(
    tx,
    splits.map(({ effectiveAt, ...split }) => {
      const begins = hours.shareDateBegins(split.exDate);
      const basisAt = new Date(Math.min(effectiveAt.getTime(), begins.getTime()));
      return { ...split, basisAt, recordedAt };
    }),
  );
}
