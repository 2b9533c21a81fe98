import { expect, test } from 'vitest';
import type { Logger } from '../process/logging.ts';
import { startLoop } from './worker-loop.ts';

function recordingLog() {
  const lines: string[] = [];
  const write = (_: object, message: string) => void lines.push(message);
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { log, lines };
}
const longMs = 3_600_000;

test('a run never begins before the one before has ended, however often it is woken', async () => {
  let atOnce = 0;
  let most = 0;
  let runs = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { log } = recordingLog();
  const loop = startLoop(
    async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await Promise.resolve();
      loop.wake();
      loop.wake();
      atOnce -= 1;
      runs += 1;
      if (runs === 20) finish();
      return longMs;
    },
    { name: 'a job', retryMs: longMs, log },
  );
  await finished;
  await loop.close();
  expect(most).toBe(1);
});

test('a trouble is logged when it begins and when it is over, not each time', async () => {
  let runs = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { log, lines } = recordingLog();
  const loop = startLoop(
    async () => {
      runs += 1;
      if (runs <= 5) throw new Error('broken');
      finish();
      return longMs;
    },
    { name: 'a job', retryMs: 1, log },
  );
  await finished;
  await loop.close();
  expect(lines).toEqual(['a job failed', 'a job: works again']);
});

test('closing waits for the run at hand and ends a long pause at once', async () => {
  let ended = false;
  const { log } = recordingLog();
  const run = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ended = true;
    return longMs;
  };
  const loop = startLoop(run, { name: 'a job', retryMs: longMs, log });
  await loop.close();
  expect(ended).toBe(true);
});
