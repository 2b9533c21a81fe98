import type { Logger } from '../process/logging.ts';

/** Something that runs again and again, never twice at once. */
export type Loop = {
  /** Cuts the present pause short. */
  wake(): void;
  /** Resolves when the run at hand has ended; none follows. */
  close(): Promise<void>;
};

type LoopOptions = {
  readonly name: string;
  /** Pause after a run that failed. */
  readonly retryMs: number;
  readonly log: Logger;
};

/** Starts at once. `run` answers the pause before the next run, in milliseconds. */
export function startLoop(run: () => Promise<number>, options: LoopOptions): Loop {
  const runOnce = guarded(run, options);
  let closed = false;
  let woken = false;
  let endPause = () => {};

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
      if (closed || woken) endPause();
    });
  const loop = async () => {
    while (!closed) {
      woken = false;
      await pause(await runOnce());
    }
  };

  const wake = () => {
    woken = true;
    endPause();
  };
  const ended = loop();
  return {
    wake,
    close: async () => {
      closed = true;
      wake();
      await ended;
    },
  };
}

/** Never rejects. A trouble is logged once: a job of every second would fill the log with it. */
function guarded(
  run: () => Promise<number>,
  { name, retryMs, log }: LoopOptions,
): () => Promise<number> {
  let failing = false;
  return async () => {
    try {
      const pauseMs = await run();
      if (failing) log.info({}, `${name}: works again`);
      failing = false;
      return pauseMs;
    } catch (error) {
      if (!failing) log.error({ error, error_code: 'JOB_FAILED' }, `${name} failed`);
      failing = true;
      return retryMs;
    }
  };
}
