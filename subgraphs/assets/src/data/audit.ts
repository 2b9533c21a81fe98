import { createHash } from 'node:crypto';
import type { Tx } from './client.ts';

/** Who did what to what, and why (domain §1). Before and after are kept as digests. */
export type AuditRow = {
  readonly id: string;
  readonly at: Date;
  readonly actorId: string;
  readonly roles: readonly string[];
  readonly command: string;
  readonly subject: string;
  readonly reason: string;
  readonly requestId: string;
  readonly outcome: string;
  readonly before: object | null;
  readonly after: object;
};

export async function insertAudit(tx: Tx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.audit.createMany({
    data: rows.map(({ before, after, roles, ...row }) => ({
      ...row,
      roles: [...roles],
      beforeDigest: before && digest(before),
      afterDigest: digest(after),
    })),
  });
}

/** Field order does not count. */
const digest = (value: object): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');
