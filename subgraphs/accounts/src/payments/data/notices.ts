import { isUuid } from '@simplebank/kernel/ids';
import type { Reader, Tx } from '../../data/client.ts';
import type { PaymentNotice as Row } from '../../generated/prisma/client.ts';
import { type Notice, type NoticeKind, type NoticeState, returnWaitMs } from '../domain/notice.ts';

type NewNotice = Omit<Notice, 'number' | 'state'>;
export type Reading = {
  readonly provider: string;
  readonly from: string;
  readonly to: string;
  readonly notices: readonly NewNotice[];
};

/**
 * Keeps a page of notices and moves the resume point. False, and nothing kept, when another process
 * has read it first. A notice that is known already is dropped.
 */
export async function keepNotices(tx: Tx, { provider, from, to, notices }: Reading) {
  await tx.$executeRaw`/* payments.open-stream */
    INSERT INTO provider_stream (provider, resume_point) VALUES (${provider}, '')
    ON CONFLICT DO NOTHING`;
  const moved = await tx.$executeRaw`/* payments.move-resume-point */
    UPDATE provider_stream SET resume_point = ${to}
    WHERE provider = ${provider} AND resume_point = ${from}`;
  if (moved !== 1) return false;
  await tx.$executeRaw`/* payments.keep-notices */
    INSERT INTO payment_notice (id, provider, notice_id, payment_id, kind, reason, at, received_at,
                                state, due_at)
    SELECT n.id, ${provider}, n."noticeId", n."paymentId", n.kind, n.reason, n.at, n."receivedAt",
           'RECEIVED', n."receivedAt"
    FROM ROWS FROM (json_to_recordset(${JSON.stringify(notices)}::json)
      AS (id uuid, "noticeId" text, "paymentId" text, kind text, reason text, at timestamptz,
          "receivedAt" timestamptz))
      WITH ORDINALITY AS n(id, "noticeId", "paymentId", kind, reason, at, "receivedAt", place)
    ORDER BY n.place
    ON CONFLICT (provider, notice_id) DO NOTHING`;
  return true;
}

/** Payments, as the provider names them, with notices that are to be looked at now. */
export async function listDueNotices(
  db: Reader,
  { now, max }: { readonly now: Date; readonly max: number },
): Promise<readonly string[]> {
  const rows = await db.$queryRaw<{ paymentId: string }[]>`/* payments.list-due-notices */
    SELECT payment_id AS "paymentId" FROM payment_notice WHERE due_at <= ${now}
    ORDER BY due_at, number LIMIT ${max}`;
  return [...new Set(rows.map(({ paymentId }) => paymentId))];
}

/** Open notices of one payment in order of arrival. Its payment is locked, when there is one. */
export async function lockOpenNotices(tx: Tx, paymentId: string): Promise<Notice[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* payments.lock-open-notices */
    SELECT id::text FROM payment_notice WHERE payment_id = ${paymentId} AND due_at IS NOT NULL
    ORDER BY number FOR UPDATE`;
  if (rows.length === 0) return [];
  const where = { id: { in: rows.map(({ id }) => id) } };
  const found = await tx.paymentNotice.findMany({ where, orderBy: { number: 'asc' } });
  return found.map(toNotice);
}

export type NoticeEnd = { readonly notice: Notice; readonly state: NoticeState };

/** What has become of notices. One that waits is looked at again when its time is over. */
export async function saveNotices(tx: Tx, ends: readonly NoticeEnd[], now: Date): Promise<void> {
  if (ends.length === 0) return;
  const rows = ends.map(({ notice, state }) => ({
    id: notice.id,
    state,
    dueAt: state === 'WAITING' ? new Date(notice.receivedAt.getTime() + returnWaitMs) : null,
    endedAt: state === 'WAITING' || state === 'PARKED' ? null : now,
  }));
  await tx.$executeRaw`/* payments.save-notices */
    UPDATE payment_notice SET state = n.state, due_at = n."dueAt", ended_at = n."endedAt"
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS n(id uuid, state text, "dueAt" timestamptz, "endedAt" timestamptz)
    WHERE payment_notice.id = n.id`;
}

/** After trouble with the notices of a payment: they are looked at again then. */
export async function postponeNotices(db: Reader, paymentId: string, until: Date): Promise<void> {
  const where = { paymentId, dueAt: { not: null } };
  await db.paymentNotice.updateMany({ where, data: { dueAt: until } });
}

export async function findNotice(db: Reader, id: string): Promise<Notice | null> {
  const row = isUuid(id) ? await db.paymentNotice.findUnique({ where: { id } }) : null;
  return row && toNotice(row);
}

/** For a decision on it. The payment is locked before, so that all lock in the same order. */
export async function lockNotice(tx: Tx, id: string): Promise<Notice | null> {
  await tx.$queryRaw`/* payments.lock-notice */
    SELECT id FROM payment_notice WHERE id = ${id}::uuid FOR UPDATE`;
  return findNotice(tx, id);
}

/** Oldest first: who has waited longest comes first. */
export async function listParked(
  db: Reader,
  { after, limit }: { readonly after: bigint | null; readonly limit: number },
): Promise<Notice[]> {
  const where = { state: 'PARKED', ...(after === null ? {} : { number: { gt: after } }) };
  const rows = await db.paymentNotice.findMany({ where, orderBy: { number: 'asc' }, take: limit });
  return rows.map(toNotice);
}

const toNotice = (row: Row): Notice => ({
  ...row,
  number: row.number.toString(),
  kind: row.kind as NoticeKind,
  state: row.state as NoticeState,
});
