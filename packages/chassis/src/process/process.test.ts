import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from './logging.ts';
import { type Part, startParts, stopParts } from './process.ts';

const sample = fileURLToPath(new URL('../../test/sample-process.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const good = { SAMPLE_GREETING: 'hello', REDIS_URL: 'redis://127.0.0.1:1' };

function run(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', 'tsx', sample], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const lines = () =>
    output.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    child,
    output,
    lines,
    messages: () => lines().map(({ message }) => message),
    closed: once(child, 'close').then(([code]) => code),
  };
}

const readyLine = /^sample is ready; operations at (http:\S+)$/;

async function untilReady({ messages }: ReturnType<typeof run>): Promise<string> {
  const url = () => messages().flatMap((text) => readyLine.exec(text)?.[1] ?? [])[0];
  await expect.poll(url, { timeout: 15_000, interval: 50 }).toBeDefined();
  return url() ?? '';
}

test('a bad configuration names every variable in one line and exits with 78', async () => {
  const sampled = run({ LOG_LEVEL: 'LOUD', SAMPLE_OPERATIONS_PORT: 'x', SAMPLE_TROUBLE: 's3cret' });
  expect(await sampled.closed).toBe(78);
  const [line, ...others] = sampled.lines();
  expect(others).toEqual([]);
  expect(line).toMatchObject({ service: 'sample', levelname: 'ERROR', error_code: 'CONFIG' });
  const names = ['SAMPLE_GREETING', 'SAMPLE_TROUBLE', 'REDIS_URL', 'LOG_LEVEL'];
  for (const name of [...names, 'SAMPLE_OPERATIONS_PORT']) expect(line.message).toContain(name);
  expect(line.message).not.toContain('s3cret');
  expect(sampled.output.stderr).toBe('');
});

test('a process without REDIS_URL refuses to start with 78 and says so', async () => {
  const sampled = run({ SAMPLE_GREETING: 'hello' });
  expect(await sampled.closed).toBe(78);
  expect(sampled.messages()).toEqual([expect.stringContaining('REDIS_URL: is not set')]);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s the parts close in reverse and the process exits with 0',
  async (signal) => {
    const sampled = run(good);
    const url = await untilReady(sampled);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    sampled.child.kill(signal);
    expect(await sampled.closed).toBe(0);
    expect(sampled.messages()).toEqual([
      'the configuration is complete',
      'hello',
      'door started',
      'worker started',
      expect.stringMatching(readyLine),
      `stopping on ${signal}`,
      'worker closed',
      'door closed',
      'stopped',
    ]);
    expect(sampled.output.stderr).toBe('');
  },
);

test('a process that hangs while closing is ended after its grace, and not with 0', async () => {
  const sampled = run({ ...good, SAMPLE_TROUBLE: 'hang', SHUTDOWN_GRACE_MS: '500' });
  await untilReady(sampled);
  const toldAt = performance.now();
  sampled.child.kill('SIGTERM');
  expect(await sampled.closed).toBe(1);
  expect(performance.now() - toldAt).toBeLessThan(9_000);
  expect(sampled.lines().at(-1)).toMatchObject({ error_code: 'CLOSE_LATE' });
});

test('no process may take longer than 10 s to stop', async () => {
  const sampled = run({ ...good, SHUTDOWN_GRACE_MS: '10000' });
  expect(await sampled.closed).toBe(78);
});

test('an error that escapes ends the process with 1, after its parts are closed', async () => {
  const sampled = run({ ...good, SAMPLE_TROUBLE: 'escape' });
  expect(await sampled.closed).toBe(1);
  expect(sampled.lines()).toContainEqual(
    expect.objectContaining({
      error_code: 'CRASH',
      stack_info: expect.stringContaining('worker forgot to catch'),
    }),
  );
  expect(sampled.messages()).toContain('door closed');
});

test('a rejection without a reason ends the process with 1 too', async () => {
  const sampled = run({ ...good, SAMPLE_TROUBLE: 'empty' });
  expect(await sampled.closed).toBe(1);
  expect(sampled.lines()).toContainEqual(expect.objectContaining({ error_code: 'CRASH' }));
});

test('a part that cannot start ends the process with 1 and its reason, others closed', async () => {
  const sampled = run({ ...good, SAMPLE_TROUBLE: 'start' });
  expect(await sampled.closed).toBe(1);
  expect(sampled.messages()).toEqual([
    'the configuration is complete',
    'hello',
    'door started',
    'worker closed',
    'door closed',
    'worker has nothing to stand on',
  ]);
});

function recordedPart(name: string, story: string[], failing: 'start' | 'close' | null = null) {
  const step = (action: 'start' | 'close') => async () => {
    story.push(`${action} ${name}`);
    if (failing === action) throw new Error(`${name} cannot ${action}`);
  };
  const part: Part = { name, start: step('start'), close: step('close'), ready: async () => true };
  return part;
}

test('one part that does not close is logged and does not keep the others open', async () => {
  const story: string[] = [];
  const written: string[] = [];
  const log = createLogger({
    service: 'test',
    destination: { write: (x) => void written.push(x) },
  });
  const parts = [
    recordedPart('a', story),
    recordedPart('b', story, 'close'),
    recordedPart('c', story),
  ];
  await startParts(parts, log);
  await stopParts(parts, log);
  expect(story).toEqual(['start a', 'start b', 'start c', 'close c', 'close b', 'close a']);
  expect(written.map((line) => JSON.parse(line).message)).toEqual(['b did not close cleanly']);
});

test('when a part cannot start, those after it are never started', async () => {
  const story: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: () => {} } });
  const parts = [
    recordedPart('a', story),
    recordedPart('b', story, 'start'),
    recordedPart('c', story),
  ];
  await expect(startParts(parts, log)).rejects.toThrow('b cannot start');
  expect(story).toEqual(['start a', 'start b', 'close b', 'close a']);
});
