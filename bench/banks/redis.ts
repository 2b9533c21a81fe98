import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './ports.ts';

const program = 'redis-server';
const readyWithinMs = 10_000;
const pollMs = 20;

/** Why a Redis of our own cannot be had on this machine; null when it can. */
export const redisMissing = (): string | null =>
  spawnSync(program, ['--version']).status === 0 ? null : `no ${program} on the PATH`;

export type OwnRedis = { readonly url: string; readonly pid: number; close(): Promise<void> };

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });

async function waitFor(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + readyWithinMs;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    if (performance.now() > until) throw new Error(`${program} does not listen`);
    await pause(pollMs);
  }
}

/** A Redis that keeps nothing, as the bank needs it: it may lose everything (OPS-26). */
export async function openRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(program, args, { stdio: 'ignore' });
  await waitFor(child, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
