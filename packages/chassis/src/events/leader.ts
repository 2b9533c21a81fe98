import type { SqlRunner, Transact } from './database.ts';

/**
 * Runs `work` in one transaction if no other instance is at it now, else does nothing. The lock is
 * PostgreSQL's transaction-scoped advisory lock: it ends with the transaction, whatever happens.
 */
export async function asLeader<Tx extends SqlRunner>(
  transact: Transact<Tx>,
  name: string,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  await transact(async (tx) => {
    const [row] = await tx.$queryRaw<{ won: boolean }[]>`
      /* leader.lock */ SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS won`;
    if (row?.won) await work(tx);
  });
}
