import type { Tx } from './client.ts';

/** A process that its job should have ended at its deadline. */
export type StuckProcess = {
  readonly process: 'investment' | 'plan' | 'rebalancing';
  readonly id: string;
  readonly step: string;
  readonly status: string;
  readonly deadline: Date;
  readonly attempts: number;
  readonly requestId: null;
};

const stuckMax = 1_000;
/** The jobs that end what is overdue come once a minute, and have to get round to it. */
const graceMs = 180_000;

/** The longest overdue first. */
export function readStuck(tx: Tx, now: Date): PromiseLike<StuckProcess[]> {
  const before = new Date(now.getTime() - graceMs);
  return tx.$queryRaw<StuckProcess[]>`
    /* strategies.stuck */
    SELECT process, id::text, status AS step, status, deadline, 0 AS attempts,
      NULL AS "requestId"
    FROM (
      SELECT 'investment' AS process, id, status, expires_at AS deadline FROM strategy_order
      WHERE status IN ('WAITING_FOR_PAYMENT', 'PLACING')
      UNION ALL
      SELECT 'plan', id, state, deadline FROM plan_run WHERE state = 'FUNDING'
      UNION ALL
      SELECT 'rebalancing', id, status, deadline FROM rebalance_run WHERE ended_at IS NULL
    ) open_process
    WHERE deadline < ${before} ORDER BY deadline, id LIMIT ${stuckMax}::int`;
}
