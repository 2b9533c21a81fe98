import { staleUnits } from './units.ts';

/**
 * Makes whatever is missing or older than its inputs; a fresh tree costs a few milliseconds.
 * @throws Error with the words of every generator that failed
 */
export async function generateIfStale(): Promise<void> {
  if (staleUnits().length === 0) return;
  const [{ generate }, { inTurn }] = await Promise.all([import('./run.ts'), import('./turn.ts')]);
  // Another process may have made it while this one waited.
  const failures = await inTurn(() => generate(staleUnits()));
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('\n'));
}
