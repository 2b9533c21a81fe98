import { connect } from 'node:net';
import { createErrorMask } from '@simplebank/chassis/errors';
import { createLogger } from '@simplebank/chassis/logging';
import { systemClock } from '@simplebank/kernel/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpDoor } from '../src/http/door.ts';

const log = createLogger({ service: 'web', destination: { write: () => undefined } });
const receiveTimeoutMs = 200;
const door = createHttpDoor({
  name: 'web',
  clock: systemClock,
  log,
  mask: createErrorMask(log),
  receiveTimeoutMs,
});
door.post('/echo', async ({ body }) => body);
let port = 0;
beforeAll(async () => {
  port = Number(new URL(await door.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => door.close());

const json = (line: string, body: string) =>
  [
    `${line} HTTP/1.1`,
    'host: bank',
    'content-type: application/json',
    'content-length: 9',
    '',
    body,
  ].join('\r\n');

/** How long the door listens to somebody who sends this and then nothing more. */
function patienceMs(sent: string): Promise<number> {
  const startedAt = performance.now();
  const socket = connect(port, '127.0.0.1', () => socket.write(sent));
  socket.resume();
  return new Promise((resolve) => {
    socket.once('close', () => resolve(performance.now() - startedAt));
  });
}

test.each([
  ['half its headers', 'POST /graphql HTTP/1.1\r\nhost: bank\r\n'],
  ['half its body', json('POST /echo', '{')],
])('who sends %s and then nothing is cut off soon after the time-out', async (_, sent) => {
  const waited = await patienceMs(sent);
  expect(waited).toBeLessThan(receiveTimeoutMs + 4_000);
});
