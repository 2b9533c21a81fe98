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

/** One turn after another, never two at once. An error costs a pause, not the loop. */
export function createLoop({ name, log, turn }: LoopOptions): Loop {
  let running = false;
  let awake = false;
  let rouse: () => void = () => {};
  let done: Promise<void> = Promise.resolve();

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function takeTurn(): Promise<number> {
    try {
      return await turn();
    } catch (error) {
      log.error({ error, error_code: 'LOOP_FAILED' }, `${name} failed; it goes on after a pause`);
      return pauseAfterErrorMs;
    }
  }

  async function run(): Promise<void> {
    while (running) {
      awake = false;
      const pauseMs = await takeTurn();
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
