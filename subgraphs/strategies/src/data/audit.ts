import type { Tx } from './client.ts';

/** One line of the audit: who did what to what, and why (domain §1). */
export type AuditRow = {
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  readonly command: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly requestId: string;
  readonly outcome: string;
  readonly beforeDigest: string | null;
  readonly afterDigest: string | null;
};

/**
 * Appends in the transaction of the change, so that neither exists without the other.
 * One value for all rows, however many: as ten parameters each they were compiled anew by Prisma.
 */
export async function insertAudit(tx: Tx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`/* strategies.insert-audit */
    INSERT INTO audit (at, actor, role, command, subject, reason, request_id, outcome,
                       before_digest, after_digest)
    SELECT at, actor, role, command, subject, reason, "requestId", outcome, "beforeDigest",
           "afterDigest"
    FROM ROWS FROM (json_to_recordset(${JSON.stringify(rows)}::json)
      AS (at timestamptz, actor text, role text, command text, subject text, reason text,
          "requestId" text, outcome text, "beforeDigest" text, "afterDigest" text))
      WITH ORDINALITY AS a(at, actor, role, command, subject, reason, "requestId", outcome,
                           "beforeDigest", "afterDigest", place)
    ORDER BY a.place`;
}
