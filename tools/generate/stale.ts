import { generate } from './run.ts';
import { staleUnits } from './units.ts';

/**
 * Makes whatever is missing or older than its inputs; a fresh tree costs a few milliseconds.
 * @throws Error with the words of every generator that failed
 */
export async function generateIfStale(): Promise<void> {
  const wanted = staleUnits();
  if (wanted.length === 0) return;
  const failures = await generate(wanted);
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('\n'));
}
