import { setTimeout as pause } from 'node:timers/promises';
import { configExitCode } from '@simplebank/chassis/config';
import type { Instance } from '../instance.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** Who ran this long has recovered: the next end is a new trouble. */
const steadyAfterMs = 60_000;

export type Watching = {
  readonly say: (line: string) => void;
  /** True once the bank stops: then an end is no trouble. */
  readonly isStopping: () => boolean;
};

const howOf = ({ code, signal }: Awaited<Instance['exited']>): string =>
  signal ? `on ${signal}` : `with exit code ${code}`;

/**
 * Starts a process again whenever it ends, after pauses that grow; gives up on one that says that
 * its configuration cannot be used, because no number of starts would mend it.
 */
export async function watchInstance(instance: Instance, { say, isStopping }: Watching) {
  let pauseMs = firstPauseMs;
  for (;;) {
    const since = performance.now();
    const exit = await instance.exited;
    if (isStopping()) return;
    if (exit.code === configExitCode) {
      say(`${instance.name} cannot use its configuration and is not started again; see its log.`);
      return;
    }
    if (performance.now() - since > steadyAfterMs) pauseMs = firstPauseMs;
    say(`${instance.name} ended ${howOf(exit)}: it is started again in ${pauseMs / 1_000} s.`);
    await pause(pauseMs);
    if (isStopping()) return;
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    await instance.restart().then(
      () => say(`${instance.name} is ready again.`),
      (error: unknown) => say(error instanceof Error ? error.message : String(error)),
    );
  }
}
