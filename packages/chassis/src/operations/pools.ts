import pg from 'pg';
import { Gauge } from 'prom-client';
import { metrics } from '../process/metrics.ts';

export type PoolOptions = {
  /** Whose pool it is, for the gauge. */
  readonly service: string;
  readonly connectionString: string;
  readonly max: number;
  /** How long a statement may take; 15 s unless told. */
  readonly answerMs?: number | undefined;
};

/** Longer than a transaction waits for its connection, so that this only ends what hangs. */
const connectMsMax = 10_000;
/**
 * A server that takes a statement and never answers; longer than any transaction may take. Without
 * it whatever asked would wait for ever, for the network does not tell.
 */
const answerMsDefault = 15_000;
/** A sum over the whole of a large ledger, for whoever compares books. */
export const answerMsOfSnapshots = 15 * 60_000;

const open = new Map<pg.Pool, string>();

const connections = new Gauge({
  name: 'simplebank_pool_connections',
  help: "Connections to the process's own database; `waiting` counts who waits for one.",
  labelNames: ['service', 'state'] as const,
  registers: [metrics],
  collect() {
    this.reset();
    for (const [pool, service] of open) {
      if (pool.ended) open.delete(pool);
      else count(pool, service);
    }
  },
});

function count(pool: pg.Pool, service: string): void {
  const { totalCount, idleCount, waitingCount } = pool;
  connections.inc({ service, state: 'used' }, totalCount - idleCount);
  connections.inc({ service, state: 'idle' }, idleCount);
  connections.inc({ service, state: 'waiting' }, waitingCount);
}

/** A pool for the Prisma client of a context, counted and bounded in time; opens nothing yet. */
export function openPool(options: PoolOptions): pg.Pool {
  const { service, connectionString, max, answerMs = answerMsDefault } = options;
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: connectMsMax,
    query_timeout: answerMs,
    keepAlive: true,
  });
  pool.on('error', () => {}); // an idle connection that is lost is replaced when it is needed
  open.set(pool, service);
  return pool;
}
