import { expect, test } from 'vitest';
import type { Logger } from './logging.ts';
import { createLoop } from './loop.ts';

function recordingLog() {
  const lines: string[] = [];
  const write = (_: object, message: string) => void lines.push(message);
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { log, lines };
}
const longMs = 3_600_000;

test('a turn never begins before the one before has ended, however often it is woken', async () => {
  let atOnce = 0;
  let most = 0;
  let turns = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { log } = recordingLog();
  const turn = async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await Promise.resolve();
    loop.wake();
    loop.wake();
    atOnce -= 1;
    turns += 1;
    if (turns === 20) finish();
    return longMs;
  };
  const loop = createLoop({ service: 'test', name: 'a job', log, turn });
  await loop.start();
  await finished;
  await loop.close();
  expect(most).toBe(1);
});

test('a trouble is logged when it begins and when it is over, not each time', async () => {
  let turns = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { log, lines } = recordingLog();
  const turn = async () => {
    turns += 1;
    if (turns <= 5) throw new Error('broken');
    finish();
    return longMs;
  };
  const loop = createLoop({ service: 'test', name: 'a job', retryMs: 1, log, turn });
  await loop.start();
  await finished;
  await loop.close();
  expect(lines).toEqual(['a job failed; it is tried again every 1 ms', 'a job no longer fails']);
});

test('closing waits for the turn at hand and ends a long pause at once', async () => {
  let ended = false;
  const { log } = recordingLog();
  const turn = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ended = true;
    return longMs;
  };
  const loop = createLoop({ service: 'test', name: 'a job', log, turn });
  await loop.start();
  await loop.close();
  expect(ended).toBe(true);
});

test('it is ready from its start to its end, and a failing turn does not change that', async () => {
  const { log } = recordingLog();
  const turn = () => Promise.reject(new Error('broken'));
  const loop = createLoop({ service: 'test', name: 'a job', retryMs: longMs, log, turn });
  expect(await loop.ready()).toBe(false);
  await loop.start();
  expect(await loop.ready()).toBe(true);
  await loop.close();
  expect(await loop.ready()).toBe(false);
});
