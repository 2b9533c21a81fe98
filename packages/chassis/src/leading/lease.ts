import { randomUUID } from 'node:crypto';
import type { SqlRunner, Transact } from '../events/database.ts';
import { recordLeader } from './leader-metrics.ts';

/** A write came from one that is the leader no more: another one has the work since. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The right to do a work of several transactions, with a number that only grows. */
export type Lease<Tx> = {
  readonly token: string;
  /** Aborted once the lease could not be renewed; the work should end then. */
  readonly signal: AbortSignal;
  /**
   * One transaction that commits only while nobody has taken over.
   * @throws LeaseLost before `work` when another one has
   */
  readonly write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /**
   * Does `work` once for this period, whoever leads: its mark and its effects commit together.
   * Answers whether it ran.
   */
  readonly once: (period: string, work?: (tx: Tx) => Promise<void>) => Promise<boolean>;
};

export type LeaseOptions<Tx extends SqlRunner> = {
  readonly transact: Transact<Tx>;
  /** `<service>.<job>`. */
  readonly name: string;
  /** How long a leader that says nothing is still believed. */
  readonly ttlMs?: number;
};

/** A leader that hangs is replaced after this and one more transaction: under 15 s (OPS-29). */
const ttlMsDefault = 8_000;
const renewalsPerLease = 4;

/**
 * Runs `work` if nobody else leads; else does nothing. Answers whether it led. The database's clock
 * decides when a lease is over, and every write names the lease's token, so a leader that was taken
 * for dead and wakes up is refused (OPS-29). For work of ONE transaction `asLeader` is enough.
 */
export async function asLeaseholder<Tx extends SqlRunner>(
  options: LeaseOptions<Tx>,
  work: (lease: Lease<Tx>) => Promise<void>,
): Promise<boolean> {
  const { transact, name } = options;
  const taken = await take(options);
  recordLeader(name, { isLeader: taken !== null, isTakeover: taken?.isTakeover ?? false });
  if (!taken) return false;
  const lost = new AbortController();
  const renewing = keepRenewing(options, { token: taken.token, lost });
  try {
    await work(leaseOf(options, { token: taken.token, signal: lost.signal }));
  } finally {
    clearInterval(renewing);
    await transact(async (tx) => release(tx, { name, token: taken.token }));
  }
  return true;
}

type Taken = { readonly token: string; readonly isTakeover: boolean };

function take<Tx extends SqlRunner>({ transact, name, ttlMs = ttlMsDefault }: LeaseOptions<Tx>) {
  const holder = randomUUID();
  return transact(async (tx): Promise<Taken | null> => {
    const [row] = await tx.$queryRaw<Taken[]>`
      /* lease.take */
      WITH before AS (SELECT holder FROM leader_lease WHERE name = ${name})
      INSERT INTO leader_lease (name, holder, token, until)
      VALUES (${name}, ${holder}, 1,
        clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond')
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = leader_lease.token + 1,
        until = excluded.until
      WHERE leader_lease.until <= clock_timestamp()
      RETURNING token::text, coalesce((SELECT holder FROM before), '') <> '' AS "isTakeover"`;
    return row ?? null;
  });
}

type Held = { readonly name: string; readonly token: string };

/** Free at once for the next one. Changes nothing when another one has it already. */
const release = (tx: SqlRunner, { name, token }: Held) =>
  tx.$executeRaw`
    /* lease.release */
    UPDATE leader_lease SET until = clock_timestamp(), holder = ''
    WHERE name = ${name} AND token = ${token}::bigint`;

type Renewing = { readonly token: string; readonly lost: AbortController };

function keepRenewing<Tx extends SqlRunner>(
  { transact, name, ttlMs = ttlMsDefault }: LeaseOptions<Tx>,
  { token, lost }: Renewing,
): NodeJS.Timeout {
  let believedUntil = performance.now() + ttlMs;
  const renew = async () => {
    const askedAt = performance.now();
    const renewed = await transact(
      async (tx) => tx.$executeRaw`
        /* lease.renew */
        UPDATE leader_lease
        SET until = clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond'
        WHERE name = ${name} AND token = ${token}::bigint`,
    );
    if (renewed === 1) believedUntil = askedAt + ttlMs;
    else lost.abort(new LeaseLost(`${name} has another leader`));
  };
  const unlessBelieved = (error: unknown) => {
    // A lost connection may come back while the lease still runs.
    if (performance.now() > believedUntil) lost.abort(error);
  };
  const timer = setInterval(() => void renew().catch(unlessBelieved), ttlMs / renewalsPerLease);
  return timer.unref();
}

/** Under `ttlMs`: a leader that hangs inside a transaction must not keep its successor waiting. */
const idleMsMax = '5000';

/** Holds the lease's row until the commit: nobody takes over in between. */
async function checkToken(tx: SqlRunner, { name, token }: Held): Promise<void> {
  const [row] = await tx.$queryRaw<{ token: string }[]>`
    /* lease.check */
    SELECT token::text, set_config('idle_in_transaction_session_timeout', ${idleMsMax}, true)
    FROM leader_lease WHERE name = ${name} FOR SHARE`;
  if (row?.token !== token) throw new LeaseLost(`${name}: token ${token} is out of date`);
}

function leaseOf<Tx extends SqlRunner>(
  { transact, name }: LeaseOptions<Tx>,
  { token, signal }: Pick<Lease<Tx>, 'token' | 'signal'>,
): Lease<Tx> {
  const write = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    transact(async (tx) => {
      await checkToken(tx, { name, token });
      return work(tx);
    });
  const once = (period: string, work?: (tx: Tx) => Promise<void>): Promise<boolean> =>
    write(async (tx) => {
      const marked = await tx.$executeRaw`
        /* lease.once */
        INSERT INTO leader_run (job, period, token) VALUES (${name}, ${period}, ${token}::bigint)
        ON CONFLICT DO NOTHING`;
      if (marked === 0) return false;
      await forgetOldRuns(tx, name);
      await work?.(tx);
      return true;
    });
  return { token, signal, write, once };
}

const runsKept = 1_000;

/** Periods only go forward, so a job needs to remember its last ones. */
const forgetOldRuns = (tx: SqlRunner, name: string) =>
  tx.$executeRaw`
    /* lease.forget-runs */
    DELETE FROM leader_run WHERE job = ${name} AND period < (
      SELECT period FROM leader_run WHERE job = ${name}
      ORDER BY period DESC OFFSET ${runsKept}::int LIMIT 1)`;
