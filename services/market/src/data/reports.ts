import type { Execution } from '../domain/venue-order.ts';
import type { Database, Tx } from './client.ts';

/** The empty point is the beginning of a venue's reports. */
export async function resumePointOf(db: Database | Tx, venue: string): Promise<string> {
  const row = await db.venueStream.findUnique({ where: { venue } });
  return row?.resumePoint ?? '';
}

/**
 * Moves the resume point. False when another process has moved it first: then these reports are
 * its business. The row stays locked until the end of the transaction.
 */
export async function moveResumePoint(
  tx: Tx,
  { venue, from, to }: { readonly venue: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  await tx.$executeRaw`
    /* market.open-stream */
    INSERT INTO venue_stream (venue, resume_point) VALUES (${venue}, '') ON CONFLICT DO NOTHING`;
  const moved = await tx.$executeRaw`
    /* market.move-resume-point */
    UPDATE venue_stream SET resume_point = ${to} WHERE venue = ${venue} AND resume_point = ${from}`;
  return moved === 1;
}

export type ReportedExecution = Execution & { readonly orderId: string };

/** Answers the ids of those that are new: a venue may report an execution twice. */
export async function insertExecutions(
  tx: Tx,
  venue: string,
  executions: readonly ReportedExecution[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ executionId: string }[]>`
    /* market.insert-executions */
    INSERT INTO execution (venue, execution_id, order_id, quantity, price, executed_at)
    SELECT ${venue}, "executionId", "orderId", quantity, price, "executedAt"
    FROM jsonb_to_recordset(${JSON.stringify(executions)}::jsonb) AS input ("executionId" text,
      "orderId" uuid, quantity numeric, price numeric, "executedAt" timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING execution_id AS "executionId"`;
  return new Set(rows.map(({ executionId }) => executionId));
}
