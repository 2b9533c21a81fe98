import { setTimeout as pause } from 'node:timers/promises';

const boundMs = 15_000;
const everyMs = 10;

/** Waits until the condition holds; rejects naming what it waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = boundMs,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await pause(everyMs);
  }
}
