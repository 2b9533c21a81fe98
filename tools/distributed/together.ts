import type { Startable } from './instance.ts';
import { NotReady } from './readiness.ts';

/** All have ended before the first trouble is told, so that nothing is left half done. */
export async function settleAll(works: readonly Promise<unknown>[]): Promise<void> {
  const troubles = (await Promise.allSettled(works)).flatMap((each) =>
    each.status === 'rejected' ? [each.reason] : [],
  );
  if (troubles.length === 1) throw troubles[0];
  if (troubles.length > 1) {
    const words = troubles.map((each) => (each instanceof Error ? each.message : String(each)));
    throw new NotReady(words.join('\n'));
  }
}

/**
 * Starts them a few at a time and waits until all are ready; after a failure no more are started.
 * @throws NotReady with the reasons of all that failed
 */
export async function startAll(instances: readonly Startable[], atOnce: number): Promise<void> {
  const waiting = [...instances];
  let failed = false;
  const lane = async () => {
    for (let next = waiting.shift(); next && !failed; next = waiting.shift()) {
      next.launch();
      await next.ready().catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await settleAll(Array.from({ length: atOnce }, lane));
}

/** SIGTERM to all that run, whatever state they are in; a process that hangs is ended by force. */
export async function stopAll(instances: readonly Startable[]): Promise<void> {
  const running = instances.filter((each) => each.running);
  await settleAll(
    running.map((each) => {
      each.resume();
      return each.stop();
    }),
  );
}
