import type { Logger } from '@simplebank/chassis/logging';
import type { Part } from '@simplebank/chassis/process';

export type LoopOptions = {
  readonly name: string;
  readonly log: Logger;
  /** Does what is due; answers after how many milliseconds to come back unless woken before. */
  readonly turn: () => Promise<number>;
};

export type Loop = Part & {
  /** There may be something to do: the next turn comes at once. */
  readonly wake: () => void;
};

const pauseMsMin = 5;
const pauseAfterErrorMs = 1_000;

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

/** One turn after another, never two at once. An error costs a pause, not the loop. */
export function createLoop({ name, log, turn }: LoopOptions): Loop {
  const { sleep, rouse } = createSleep();
  let running = false;
  let awake = false;
  let done: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (running) {
      awake = false;
      const pauseMs = await turn().catch((error: unknown) => {
        const fields = { error, error_code: 'LOOP_FAILED' };
        log.error(fields, `${name} failed; it goes on after a pause`);
        return pauseAfterErrorMs;
      });
      if (running && !awake) await sleep(Math.max(pauseMs, pauseMsMin));
    }
  }

  return {
    name,
    async start() {
      running = true;
      done = run();
    },
    async close() {
      running = false;
      rouse();
      await done;
    },
    ready: async () => running,
    wake() {
      awake = true;
      rouse();
    },
  };
}
