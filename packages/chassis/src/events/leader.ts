import { recordLeader } from '../leading/leader-metrics.ts';
import type { SqlRunner, Transact } from './database.ts';

/** A process that hangs within its work loses the lock, and its transaction, after this. */
const idleMsMax = '10000';

/**
 * Runs `work` in one transaction if no other instance is at it now, else does nothing. The lock is
 * PostgreSQL's transaction-scoped advisory lock: it ends with the transaction, whatever happens.
 * It needs no fencing token (OPS-29): what the transaction wrote ends with the lock, so one that
 * was taken for dead has nothing left to commit. Work of several transactions takes a lease
 * (`leading/lease.ts`). `name` is `<service>.<job>`.
 */
export async function asLeader<Tx extends SqlRunner>(
  transact: Transact<Tx>,
  name: string,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  await transact(async (tx) => {
    const [row] = await tx.$queryRaw<{ won: boolean }[]>`
      /* leader.lock */
      SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS won,
        set_config('idle_in_transaction_session_timeout', ${idleMsMax}, true)`;
    const isLeader = row?.won ?? false;
    recordLeader(name, { isLeader });
    if (isLeader) await work(tx);
  });
}
