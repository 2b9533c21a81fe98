import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { takeLock } from '../postgres/lock.ts';
import { StartProblem } from '../postgres/problem.ts';
import { root } from './units.ts';

const waitMs = 120_000;
const pollMs = 100;

/** One process at a time generates: two would take each other's half-written files away. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const folder = join(root, 'node_modules/.cache/simplebank');
  mkdirSync(folder, { recursive: true });
  const release = await takeTurn(join(folder, 'generate.lock'), Date.now() + waitMs);
  try {
    return await work();
  } finally {
    release();
  }
}

async function takeTurn(file: string, giveUpAt: number): Promise<() => void> {
  for (;;) {
    try {
      return takeLock(file, 'src/generated');
    } catch (error) {
      if (!(error instanceof StartProblem) || Date.now() > giveUpAt) throw error;
    }
    await pause(pollMs);
  }
}
