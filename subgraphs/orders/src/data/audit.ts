import type { Transaction } from './client.ts';

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

/** Appends in the transaction of the change, so that neither exists without the other. */
export async function insertAudit(tx: Transaction, row: AuditRow): Promise<void> {
  await insertAudits(tx, [row]);
}

export async function insertAudits(tx: Transaction, rows: readonly AuditRow[]): Promise<void> {
  await tx.audit.createMany({ data: [...rows] });
}
