import type { Reader, Tx } from '../../data/client.ts';
import {
  type Moved,
  notStarted,
  type Verification,
  type VerificationStatus,
} from '../domain/verification.ts';

/** Answers in the order of `customerIds`; who has submitted nothing is NOT_STARTED. */
export async function findVerifications(db: Reader, customerIds: readonly string[]) {
  const where = { customerId: { in: [...customerIds] } };
  const rows = await db.verification.findMany({ where });
  const byId = new Map(rows.map((row) => [row.customerId, toVerification(row)]));
  return customerIds.map((id) => byId.get(id) ?? notStarted(id));
}

/** For a change: nobody else changes it before this transaction ends. Null for no customer. */
export async function lockVerification(tx: Tx, customerId: string): Promise<Verification | null> {
  const customers = await tx.$queryRaw<unknown[]>`/* verification.lock */
    SELECT id FROM customer WHERE id = ${customerId}::uuid FOR NO KEY UPDATE`;
  if (customers.length === 0) return null;
  const [verification] = await findVerifications(tx, [customerId]);
  return verification ?? null;
}

export async function saveVerification(tx: Tx, moved: Moved, changedAt: Date): Promise<void> {
  const { verification, event: changedBy } = moved;
  const { customerId, status, requestId } = verification;
  if (!requestId) throw new Error(`verification of ${customerId} moves without a request`);
  const reasons = [...verification.reasons];
  const row = { status, reasons, changedBy, requestId, changedAt };
  // No upsert: the database would judge it as a beginning first, which most changes are not.
  const { count } = await tx.verification.updateMany({ where: { customerId }, data: row });
  if (count === 0) await tx.verification.create({ data: { customerId, ...row } });
}

/** Customers in this state, those that wait longest first, at most `max`. */
export async function listInStatus(db: Reader, status: VerificationStatus, max: number) {
  const rows = await db.verification.findMany({
    where: { status },
    select: { customerId: true },
    orderBy: [{ changedAt: 'asc' }, { customerId: 'asc' }],
    take: max,
  });
  return rows.map(({ customerId }) => customerId);
}

type Row = {
  readonly customerId: string;
  readonly status: string;
  readonly reasons: string[];
  readonly requestId: string;
};

const toVerification = ({ customerId, status, reasons, requestId }: Row): Verification => ({
  customerId,
  status: status as VerificationStatus,
  reasons,
  requestId,
});
