import { setTimeout as pause } from 'node:timers/promises';

const pollMs = 15;
const withinMsDefault = 5_000;

/**
 * Waits until the assertion passes, and gives what it returns.
 * @throws the assertion's own last error when `withinMs` have passed
 */
export async function eventually<T>(
  assertion: () => Promise<T> | T,
  { withinMs = withinMsDefault }: { readonly withinMs?: number } = {},
): Promise<T> {
  const giveUp = performance.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > giveUp) throw error;
    }
    await pause(pollMs);
  }
}
