import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type Get, live, ready } from './losses.ts';
import { type Running, statusOf } from './run.ts';
import type { Target } from './targets.ts';

const connections = 20;
const answerWithinMs = 10_000;
const closesWithinMs = 10_000;

export function endsWell({ hasDoor }: Target, running: Get): void {
  test('told to stop it answers what was sent and ends with 0 within 10 s (OPS-75)', async () => {
    const { child, exitCode, lines } = running();
    const sent = hasDoor ? await sendOnOpenConnections(running()) : [];
    const toldAt = Date.now();
    child.kill('SIGTERM');
    const asked = hasDoor ? await askUntilNotReady(running()) : [];
    expect(await exitCode()).toBe(0);
    expect(Date.now() - toldAt).toBeLessThan(closesWithinMs);
    expect((await Promise.all(sent)).filter((status) => status !== 404)).toEqual([]);
    expect((await Promise.all(asked)).filter((status) => status !== 404)).toEqual([]);
    expect(lines().at(-1)?.message).toBe('stopped');
    expect(await live(running())).toBe(0);
  });
}

/** With a notice, a balancer sends requests until it hears that the process is not ready. */
async function askUntilNotReady(running: Running): Promise<readonly Promise<number>[]> {
  const asked: Promise<number>[] = [];
  if (Number(running.env['DRAIN_NOTICE_MS']) === 0) return asked;
  while ((await ready(running)) === 200) asked.push(statusOf(`${running.doorUrl}/nowhere`));
  return asked;
}

/**
 * Requests that have left us when it resolves: half of them on connections that had one before.
 * Each answers its status, 0 when the connection ends without an answer.
 */
async function sendOnOpenConnections({ doorUrl }: Running): Promise<readonly Promise<number>[]> {
  const { hostname, port } = new URL(doorUrl);
  return Promise.all(
    Array.from({ length: connections }, async (_, nth) => {
      const socket = connect(Number(port), hostname);
      await new Promise((open) => socket.once('connect', open));
      if (nth % 2 === 0) {
        const first = nextStatus(socket);
        await send(socket);
        await first;
      }
      const status = nextStatus(socket).finally(() => socket.destroy());
      await send(socket);
      // In an object: a promise that is answered with a promise would wait for it.
      return { status };
    }),
  ).then((all) => all.map(({ status }) => status));
}

const send = (socket: Socket): Promise<void> =>
  new Promise((written) =>
    socket.write('GET /nowhere HTTP/1.1\r\nhost: bank\r\n\r\n', () => written()),
  );

function nextStatus(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, answerWithinMs, 0);
    const settle = (status: number) => {
      clearTimeout(timer);
      resolve(status);
    };
    socket.once('data', (data) => settle(Number(data.toString().split(' ')[1])));
    socket.once('error', () => settle(0)).once('close', () => settle(0));
  });
}
