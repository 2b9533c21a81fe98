import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errors } from 'undici';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutbound, type Network, type OutboundAnswer, OutboundError } from './outbound.ts';

const url = 'http://venue.test/orders';

type Reply = number | 'hang' | 'cut' | 'bug';
/** What the venue does at each call, the last one again and again; and when it was called. */
let replies: Reply[] = [];
let calledAtMs: number[] = [];
let deadlines: (string | undefined)[] = [];
let release: () => void = () => {};
let startedAt = 0;
let held: Promise<void>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  startedAt = performance.now();
  calledAtMs = [];
  deadlines = [];
  held = new Promise<void>((resolve) => {
    release = resolve;
  });
});

afterEach(() => {
  release();
  vi.useRealTimers();
});

const network: Network = async (_url, { headers, signal }) => {
  calledAtMs.push(performance.now() - startedAt);
  deadlines.push(headers['x-deadline']);
  const reply = replies.length > 1 ? replies.shift() : replies[0];
  if (reply === 'cut') throw new Error('connection cut');
  if (reply === 'bug') throw new errors.InvalidArgumentError('bad');
  if (reply === 'hang') {
    const aborted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    await Promise.race([held, aborted]);
  }
  const statusCode = typeof reply === 'number' ? reply : 200;
  return { statusCode, headers: {}, body: { text: async () => 'answer' } };
};

const caller = { service: 'test', dependency: 'venue', peer: 'OURS' } as const;
const client = (random = 0.5, timeoutMs = 5_000) =>
  createOutbound({ ...caller, network, timeoutMs, random: () => random });

/** The outcome of a call in one word, while the clock runs on. */
async function outcome(pending: Promise<OutboundAnswer>, runMs = 40_000): Promise<unknown> {
  const word = pending.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof OutboundError ? error.code : error),
  );
  await vi.advanceTimersByTimeAsync(runMs);
  return word;
}

/** Five failures of calls that are not retried, without moving the clock. */
async function openCircuit(outbound: ReturnType<typeof client>): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    await outcome(outbound.send({ url, method: 'POST' }), 0);
  }
}

test('an answer comes with status, headers and body', async () => {
  replies = [200];
  const answer = await client().send({ url });
  expect([answer.status, answer.body]).toEqual([200, 'answer']);
});

test('an idempotent call is tried 3 times at most, after 1 s, 2 s and their jitter', async () => {
  replies = ['cut', 503, 200];
  const outbound = client(0.5);
  expect(await outcome(outbound.send({ url }))).toBe(200);
  expect(calledAtMs).toEqual([0, 1_500, 4_000]);

  replies = [503];
  calledAtMs = [];
  startedAt = performance.now();
  expect(await outcome(outbound.send({ url }))).toBe(503);
  expect(calledAtMs).toEqual([0, 1_500, 4_000]);
});

test('no retry starts that would leave the budget of 5 s', async () => {
  replies = [503];
  expect(await outcome(client(0.99).send({ url }))).toBe(503);
  expect(calledAtMs).toEqual([0, 1_990, 4_980]);

  replies = ['hang'];
  calledAtMs = [];
  expect(await outcome(client().send({ url }))).toBe('TIMEOUT');
  expect(calledAtMs).toHaveLength(1);
});

test('a write is never retried unless it may happen twice', async () => {
  replies = [503];
  expect(await outcome(client().send({ url, method: 'POST', body: '{}' }))).toBe(503);
  expect(calledAtMs).toEqual([0]);

  replies = [503, 200];
  const again = client().send({ url, method: 'POST', body: '{}', idempotent: true });
  expect(await outcome(again)).toBe(200);
});

test('a 4xx is an answer: not retried, and the circuit stays closed', async () => {
  replies = [404];
  const outbound = client();
  for (let n = 0; n < 10; n += 1) {
    expect(await outcome(outbound.send({ url }), 0)).toBe(404);
  }
  expect(calledAtMs).toHaveLength(10);
  expect(outbound.circuit()).toBe(0);
});

test('a call that hangs ends after 5 s', async () => {
  replies = ['hang'];
  const pending = client().send({ url, method: 'POST' });
  let ended = false;
  pending
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  await vi.advanceTimersByTimeAsync(4_999);
  expect(ended).toBe(false);
  expect(await outcome(pending, 1)).toBe('TIMEOUT');
});

test('5 failures in a row open the circuit: the 6th call fails without the network', async () => {
  replies = [503];
  const outbound = client();
  await openCircuit(outbound);
  expect(outbound.circuit()).toBe(2);
  expect(await outcome(outbound.send({ url }), 0)).toBe('CIRCUIT_OPEN');
  expect(calledAtMs).toHaveLength(5);
});

test('a success in between starts the count of failures again', async () => {
  replies = [503, 503, 503, 503, 200, 503];
  const outbound = client();
  for (let n = 0; n < 9; n += 1) await outcome(outbound.send({ url, method: 'POST' }), 0);
  expect(outbound.circuit()).toBe(0);
  await outcome(outbound.send({ url, method: 'POST' }), 0);
  expect(outbound.circuit()).toBe(2);
});

test('a circuit stays open for 29.9 s; at 30 s one of 50 calls probes and closes it', async () => {
  replies = [503];
  const outbound = client();
  await openCircuit(outbound);
  await vi.advanceTimersByTimeAsync(29_900);
  expect(await outcome(outbound.send({ url, method: 'POST' }), 0)).toBe('CIRCUIT_OPEN');
  await vi.advanceTimersByTimeAsync(100);

  replies = ['hang', 200];
  calledAtMs = [];
  const calls = Array.from({ length: 50 }, () => outbound.send({ url, method: 'POST' }));
  await vi.advanceTimersByTimeAsync(10);
  expect([calledAtMs.length, outbound.circuit()]).toEqual([1, 1]);
  release();
  expect(await outcome(Promise.all(calls).then(([first]) => first as OutboundAnswer))).toBe(200);
  expect(outbound.circuit()).toBe(0);
});

test('a failed probe keeps the circuit open for 30 s more, and nobody else called', async () => {
  replies = [503];
  const outbound = client();
  await openCircuit(outbound);
  await vi.advanceTimersByTimeAsync(30_000);
  calledAtMs = [];
  const calls = Array.from({ length: 50 }, () =>
    outcome(outbound.send({ url, method: 'POST' }), 0),
  );
  expect([...new Set(await Promise.all(calls))]).toEqual([503, 'CIRCUIT_OPEN']);
  expect(calledAtMs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(29_900);
  expect(await outcome(outbound.send({ url, method: 'POST' }), 0)).toBe('CIRCUIT_OPEN');
});

test('an answer to a call from before the opening does not close the circuit', async () => {
  replies = ['hang', 503];
  const outbound = client();
  const early = outbound.send({ url, method: 'POST' });
  await openCircuit(outbound);
  release();
  expect(await outcome(early, 0)).toBe(200);
  expect(outbound.circuit()).toBe(2);
  expect(await outcome(outbound.send({ url, method: 'POST' }), 0)).toBe('CIRCUIT_OPEN');
});

test('who waits for a trial longer than it may gives up, and counts as no failure', async () => {
  replies = [503];
  const outbound = client();
  await openCircuit(outbound);
  await vi.advanceTimersByTimeAsync(30_000);
  replies = ['hang'];
  calledAtMs = [];
  const trial = outbound.send({ url, method: 'POST' });
  const waiting = outbound.send({ url, method: 'POST', deadlineMs: 800 });
  expect(await outcome(waiting, 800)).toBe('DEADLINE_EXCEEDED');
  release();
  expect(await outcome(trial, 10)).toBe(200);
  expect([calledAtMs.length, outbound.circuit()]).toEqual([1, 0]);
});

test('a trial that was no proper call leaves the right to try to the next one', async () => {
  replies = [503];
  const outbound = client();
  await openCircuit(outbound);
  await vi.advanceTimersByTimeAsync(30_000);
  replies = ['bug', 200];
  const bug = await outcome(outbound.send({ url, method: 'POST' }), 0);
  expect([bug, outbound.circuit()]).toEqual([new errors.InvalidArgumentError('bad'), 1]);
  expect(await outcome(outbound.send({ url, method: 'POST' }), 0)).toBe(200);
  expect(outbound.circuit()).toBe(0);
});

test('50 calls are in flight and 100 wait; more are refused at once', async () => {
  replies = ['hang'];
  const outbound = client();
  const calls = Array.from({ length: 151 }, () => outbound.send({ url, method: 'POST' }));
  for (const call of calls) call.catch(() => undefined);
  expect(await outcome(calls[150] as Promise<OutboundAnswer>, 0)).toBe('BULKHEAD_FULL');
  expect(calledAtMs).toHaveLength(50);
  release();
  const answers = await Promise.all(calls.slice(0, 150));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(calledAtMs).toHaveLength(150);
});

test('a call that still waits for its turn when its deadline passes is never made', async () => {
  replies = ['hang'];
  const outbound = client();
  const running = Array.from({ length: 50 }, () => outbound.send({ url, method: 'POST' }));
  const waiting = outbound.send({ url, method: 'POST', deadlineMs: 800 });
  expect(await outcome(waiting, 800)).toBe('DEADLINE_EXCEEDED');
  release();
  await Promise.all(running);
  await vi.advanceTimersByTimeAsync(10);
  expect(calledAtMs).toHaveLength(50);
});

test('what waited while the circuit opened fails without a call', async () => {
  replies = ['hang'];
  const outbound = client(0, 1_000);
  const calls = Array.from({ length: 60 }, () =>
    outbound.send({ url, method: 'POST' }).catch(({ code }: OutboundError) => code),
  );
  await vi.advanceTimersByTimeAsync(2_000);
  const codes = await Promise.all(calls);
  expect(codes.slice(0, 50)).toEqual(Array(50).fill('TIMEOUT'));
  // The first four failures freed a place each before the fifth opened the circuit.
  expect(codes.slice(54)).toEqual(Array(6).fill('CIRCUIT_OPEN'));
  expect(calledAtMs).toHaveLength(54);
});

test('an expired deadline fails without a call; a running one travels on and shrinks', async () => {
  replies = [503, 200];
  const outbound = client(0);
  expect(await outcome(outbound.send({ url, deadlineMs: 0 }), 0)).toBe('DEADLINE_EXCEEDED');
  expect(calledAtMs).toEqual([]);
  expect(await outcome(outbound.send({ url, deadlineMs: 3_000 }))).toBe(200);
  expect(deadlines).toEqual(['3000', '2000']);
});

test('a deadline cuts the call short and leaves no time for a retry', async () => {
  replies = ['hang'];
  const pending = client().send({ url, deadlineMs: 250 });
  expect(await outcome(pending, 250)).toBe('TIMEOUT');
  expect(calledAtMs).toHaveLength(1);
});

test('over a real socket, answer, silence and a refused connection are told apart', async () => {
  vi.useRealTimers();
  const server = createServer((request, response) => {
    if (request.url === '/hang') return;
    response.setHeader('x-method', request.method ?? '').end('over the wire');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outbound = createOutbound({ service: 'test', dependency: 'real', timeoutMs: 300 });
  const call = { url: `http://127.0.0.1:${port}/`, method: 'POST', body: '{}' } as const;
  expect(await outbound.send(call)).toMatchObject({
    status: 200,
    headers: { 'x-method': 'POST' },
    body: 'over the wire',
  });
  const hanging = outbound.send({ ...call, url: `${call.url}hang` });
  await expect(hanging).rejects.toThrow('real: TIMEOUT');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(outbound.send(call)).rejects.toThrow('real: CONNECTION_FAILED');
  await outbound.close();
});
