import { createHeart } from './heartbeat.ts';
import type { Logger } from './logging.ts';
import type { Part } from './process.ts';

export type LoopOptions = {
  /** The process it belongs to, for its heartbeat. */
  readonly service: string;
  readonly name: string;
  readonly log: Logger;
  /** Does what is due; answers after how many milliseconds to come back unless woken before. */
  readonly turn: () => Promise<number>;
  /** Pause after a turn that failed; 1 s by default. */
  readonly retryMs?: number;
  /** How long a turn may take without a commit before it counts as stuck; 15 s by default. */
  readonly silentMs?: number | undefined;
};

export type Loop = Part & {
  /** There may be something to do: the next turn comes at once. */
  readonly wake: () => void;
};

const pauseMsMin = 5;
const retryMsDefault = 1_000;

/** A sleep that can be ended early. */
function createSleep(): {
  readonly sleep: (ms: number) => Promise<void>;
  readonly rouse: () => void;
} {
  let rouse: () => void = () => {};
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return { sleep, rouse: () => rouse() };
}

/**
 * One turn after another, never two at once. An error costs a pause, not the loop; `close` waits
 * for the turn at hand.
 */
export function createLoop(options: LoopOptions): Loop {
  const { service, name: worker, silentMs } = options;
  const heart = createHeart({ service, worker, ...(silentMs === undefined ? {} : { silentMs }) });
  const turn = forgiving(options);
  const { sleep, rouse } = createSleep();
  let running = false;
  let awake = false;
  let done: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (running) {
      awake = false;
      const pauseMs = await heart.during(turn);
      if (running && !awake) await sleep(Math.max(pauseMs, pauseMsMin));
    }
  }

  return {
    name: options.name,
    async start() {
      running = true;
      done = run();
    },
    async close() {
      running = false;
      rouse();
      await done;
      heart.rest();
    },
    ready: async () => running && heart.isAlive(),
    wake() {
      awake = true;
      rouse();
    },
  };
}

/** Never rejects. A trouble is logged once: a turn of every second would fill the log with it. */
function forgiving({ name, log, turn, retryMs = retryMsDefault }: LoopOptions) {
  let failing = false;
  return async (): Promise<number> => {
    try {
      const pauseMs = await turn();
      if (failing) log.info({}, `${name} no longer fails`);
      failing = false;
      return pauseMs;
    } catch (error) {
      const message = `${name} failed; it is tried again every ${retryMs} ms`;
      if (!failing) log.error({ error, error_code: 'LOOP_FAILED' }, message);
      failing = true;
      return retryMs;
    }
  };
}
