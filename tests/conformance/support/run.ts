import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { forgetPrefix } from '../../events/support/redis.ts';
import { completeEnvironment, type Variables } from './environment.ts';
import { root, type Target } from './targets.ts';
import { freePort, openWire, type Wire } from './wire.ts';

type Line = Readonly<Record<string, unknown>> & { readonly message: string };

/** One process of the bank, with a wire to each server that it needs. */
export type Running = {
  readonly target: Target;
  readonly child: ChildProcess;
  readonly env: Variables;
  readonly operationsUrl: string;
  readonly doorUrl: string;
  readonly database: Wire | null;
  readonly redis: Wire | null;
  /** Everything on stdout, line by line, whether it is JSON or not. */
  readonly stdout: () => readonly string[];
  readonly stderr: () => string;
  readonly lines: () => readonly Line[];
  readonly exitCode: () => Promise<number | null>;
  readonly close: () => Promise<void>;
};

const readyWithinMs = 90_000;
const prefix = (name: string) => name.toUpperCase().replaceAll('-', '_');

/** A process as `main.ts` runs it; nothing of the test's own environment reaches it. */
export function launch(main: string, env: Variables) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    cwd: root,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString();
  });
  const ended = once(child, 'close');
  const exitCode = async () => {
    await ended;
    return child.exitCode;
  };
  const stdout = () => printed.stdout.split('\n').filter((line) => line !== '');
  return { child, exitCode, stdout, stderr: () => printed.stderr };
}

/** Starts a target against a database of its own and waits until it says that it is ready. */
export async function startTarget(target: Target): Promise<Running> {
  const closers: (() => Promise<unknown>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await starting(target, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function starting(
  target: Target,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Running> {
  const { name } = target;
  const database = target.hasDatabase ? await createTestDatabase(name) : null;
  if (database) closers.push(database.drop);
  const wires = await openWires(target, database);
  for (const wire of [wires.database, wires.redis]) if (wire) closers.push(wire.close);
  const ports = { door: await freePort(), operations: await freePort() };
  const redisUrl = process.env['REDIS_URL'];
  if (wires.redis && redisUrl) closers.push(() => forgetPrefix(redisUrl, prefixOf(ports)));
  const env = { ...(await completeEnvironment()), ...variables(target, wires, ports) };
  const launched = launch(target.main, env);
  closers.push(() => killed(launched));
  const operationsUrl = `http://127.0.0.1:${ports.operations}`;
  const running = {
    ...{ target, env, operationsUrl, doorUrl: `http://127.0.0.1:${ports.door}` },
    ...{ ...launched, ...wires, close },
    lines: () => launched.stdout().map((line) => JSON.parse(line) as Line),
  };
  await untilReady(running);
  return running;
}

async function openWires({ needsRedis }: Target, database: TestDatabase | null) {
  const redisUrl = process.env['REDIS_URL'];
  return {
    database: database && (await openWire(database.url)),
    redis: needsRedis && redisUrl ? await openWire(redisUrl) : null,
  };
}

type Wires = Awaited<ReturnType<typeof openWires>>;
const prefixOf = ({ door }: Ports) => `conformance_${process.pid}_${door}`;

type Ports = { readonly door: number; readonly operations: number };

/** The code for ending is the same in all: some show it with a notice, the others without. */
const noticeOf = ({ kind }: Target): string => (kind === 'subgraphs' ? '2000' : '0');

function variables(target: Target, { database, redis }: Wires, ports: Ports): Variables {
  const { name } = target;
  return {
    DRAIN_NOTICE_MS: noticeOf(target),
    ...(database ? { [`${prefix(name)}_DATABASE_URL`]: database.url } : {}),
    ...(redis ? { REDIS_URL: redis.url } : {}),
    REDIS_PREFIX: prefixOf(ports),
    [`${prefix(name)}_PORT`]: String(ports.door),
    [`${prefix(name)}_OPERATIONS_PORT`]: String(ports.operations),
    MAIL_CATCHER_SMTP_PORT: '0',
    SERVICE_VERSION: 'conformance',
    ENVIRONMENT: 'test',
    MARKET_CALENDAR: 'always',
  };
}

async function killed({ child, exitCode }: ReturnType<typeof launch>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await exitCode();
}

async function untilReady({ operationsUrl, child, stdout, stderr }: Running): Promise<void> {
  const endsAt = Date.now() + readyWithinMs;
  while (Date.now() < endsAt && child.exitCode === null) {
    if ((await statusOf(`${operationsUrl}/health/ready`)) === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not become ready: ${stdout().join('\n')}${stderr()}`);
}

/** 0 when there is no answer. */
export async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000), ...init });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
