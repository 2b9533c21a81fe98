import { setTimeout as pause } from 'node:timers/promises';
import { beat } from '../process/heartbeat.ts';

/** The part of a Prisma client, or of its transaction, that the chassis needs: tagged SQL. */
export type SqlRunner = {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>;
  $queryRaw<T>(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<T>;
};

export type TransactOptions = { readonly isolation?: 'Serializable' };
export type Transact<Tx> = <T>(
  work: (tx: Tx) => Promise<T>,
  options?: TransactOptions,
) => Promise<T>;

type TransactionOptions = {
  readonly maxWait?: number;
  readonly timeout?: number;
  readonly isolationLevel?: 'Serializable';
};
/** What can open a transaction: a Prisma client fits. */
export type TransactionHost<Tx> = {
  $transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
};

/** Waits for a free connection, and for the transaction: under a request's 10 s (OPS-55). */
const connectionWaitMs = 5_000;
const transactionMsMax = 8_000;
const attemptsMax = 6;
const firstPauseMs = 10;

/**
 * Runs one transaction, bounded in time; serialization failures and deadlocks are retried a few
 * times with jittered pauses, so `work` may run more than once. Calls `onCommit` after a commit.
 */
export function transactor<Tx>(
  db: TransactionHost<Tx>,
  { onCommit }: { readonly onCommit: () => void },
): Transact<Tx> {
  return async (work, { isolation } = {}) => {
    const options = {
      maxWait: connectionWaitMs,
      timeout: transactionMsMax,
      ...(isolation ? { isolationLevel: isolation } : {}),
    };
    const result = await retryingConflicts(() => db.$transaction(work, options));
    beat();
    onCommit();
    return result;
  };
}

async function retryingConflicts<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= attemptsMax || !isConflict(error)) throw error;
      // Full jitter: two that collided must not meet again.
      await pause(Math.random() * firstPauseMs * 2 ** attempt);
    }
  }
}

/** Serialization failure or deadlock, by PostgreSQL's, the adapter's or Prisma's name for it. */
const conflictCodes = new Set(['40001', '40P01', 'P2034', 'TransactionWriteConflict']);

/** True when the same transaction may succeed if it is simply run again. */
export const isConflict = (error: unknown): boolean =>
  codesOf(error).some((code) => conflictCodes.has(code));

const lostCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['57P01', '57P02', '57P03', '57P05', '53300', '25006'],
  ...['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1017', 'P2024'],
  ...['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'],
]);
/** `pg` and Prisma give these no code. */
const lostMessages = [
  'connection terminated',
  'client has encountered a connection error',
  'timeout exceeded when trying to connect',
  'unable to start a transaction',
  'server closed the connection',
  'connection is closed',
  'cannot use a pool after',
  'query read timeout',
];

/** True when the database could not be asked at all, so nothing is known about the work itself. */
export function isConnectionLost(error: unknown): boolean {
  if (codesOf(error).some((code) => lostCodes.has(code) || code.startsWith('08'))) return true;
  return causesOf(error)
    .map((cause) => textOf(cause['message']).toLowerCase())
    .some((message) => lostMessages.some((part) => message.includes(part)));
}

const codesOf = (error: unknown): readonly string[] =>
  causesOf(error).flatMap((cause) =>
    [cause['code'], cause['originalCode'], cause['kind']].map(textOf).filter(Boolean),
  );

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const causesDeep = 6;

/** The error and what it wraps: Prisma hides the driver's error in `meta`, others in `cause`. */
function causesOf(error: unknown): readonly Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  let layer: unknown[] = [error];
  for (let depth = 0; depth < causesDeep && layer.length > 0; depth += 1) {
    const objects = layer.filter(isRecord);
    found.push(...objects);
    layer = objects.flatMap(({ cause, meta, driverAdapterError, errors }) => [
      cause,
      meta,
      driverAdapterError,
      ...(Array.isArray(errors) ? errors : []),
    ]);
  }
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
