import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency, money } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import { Prisma, type Payment as Row } from '../../generated/prisma/client.ts';
import type { Payment, PaymentKind, PaymentStatus } from '../domain/payment.ts';
import type { Sending } from '../domain/sending.ts';

export type NewPayment = Omit<Payment, 'number'>;

/** Gives the payment its number. */
export async function insertPayment(tx: Tx, payment: NewPayment): Promise<Payment> {
  const { amount, ...rest } = payment;
  const money = { amount: amount.amount.toFixed(), currency: amount.currency };
  const data = { ...rest, ...money, nextCallAt: payment.createdAt };
  return toPayment(await tx.payment.create({ data }));
}

export type PaymentLookup = { readonly id: string } | { readonly number: bigint };

export async function findPayment(db: Reader, lookup: PaymentLookup): Promise<Payment | null> {
  const row = await db.payment.findUnique({ where: lookup });
  return row && toPayment(row);
}

/** Whether a deposit was made for this run of a plan; its account's balances are locked. */
export async function isRunPaid(tx: Tx, planRunId: string): Promise<boolean> {
  return (await tx.payment.findUnique({ where: { planRunId }, select: { id: true } })) !== null;
}

/** For a change: nobody else changes it before this transaction ends. */
export async function lockPayment(tx: Tx, id: string): Promise<Payment | null> {
  await tx.$queryRaw`/* payments.lock */ SELECT id FROM payment WHERE id = ${id}::uuid FOR UPDATE`;
  return findPayment(tx, { id });
}

export type PaymentPage = {
  readonly accountId: string;
  /** Older than this number; null for the newest. */
  readonly before: bigint | null;
  readonly limit: number;
  /** Null for all; an empty list for none. */
  readonly kinds: readonly PaymentKind[] | null;
  readonly statuses: readonly PaymentStatus[] | null;
};

/** Newest first. */
export async function listPayments(
  db: Reader,
  { accountId, before, limit, kinds, statuses }: PaymentPage,
): Promise<Payment[]> {
  const where = {
    accountId,
    ...(before === null ? {} : { number: { lt: before } }),
    ...(kinds === null ? {} : { kind: { in: [...kinds] } }),
    ...(statuses === null ? {} : { status: { in: [...statuses] } }),
  };
  const rows = await db.payment.findMany({ where, orderBy: { number: 'desc' }, take: limit });
  return rows.map(toPayment);
}

export async function savePayment(tx: Tx, payment: Payment): Promise<void> {
  const { id, status, failureReason, version, endedAt, returnedAt, returnReason } = payment;
  const data = { status, failureReason, version, endedAt, returnedAt, returnReason };
  await tx.payment.update({ where: { id }, data });
}

type Taking = { readonly now: Date; readonly max: number };

/**
 * Marks new payments as on their way before anybody calls the provider; skips those in use. The
 * account is locked with them: after it has been frozen, nothing that a freeze keeps back goes.
 */
export async function takeCreated(
  tx: Tx,
  { now, max, sending }: Taking & { readonly sending: Sending },
): Promise<void> {
  await tx.$executeRaw`/* payments.take-created */
    UPDATE payment SET status = 'SUBMITTED', submitted_at = ${now}, next_call_at = ${now}
    WHERE status = 'CREATED' AND id IN (
      SELECT p.id FROM payment p JOIN account a ON a.id = p.account_id
      WHERE p.status = 'CREATED' AND ${maySend(sending)} ORDER BY p.number LIMIT ${max}
      FOR UPDATE OF p SKIP LOCKED FOR SHARE OF a SKIP LOCKED)`;
}

/** Of a payment `p` and its account `a`. */
const maySend = ({ out, into, heldSince }: Sending) => Prisma.sql`(
  CASE p.kind WHEN 'DEPOSIT' THEN a.status = ANY(${[...into]})
  ELSE a.status = ANY(${[...out]}) OR p.created_at <= ${heldSince} END)`;

/**
 * Payments about which the provider is to be called, taken until `leaseUntil`: after a crash they
 * come back then. Other processes pass over what is taken here.
 */
export async function claimDue(
  tx: Tx,
  { now, max, leaseUntil }: Taking & { readonly leaseUntil: Date },
): Promise<Payment[]> {
  const claimed = await tx.$queryRaw<{ id: string }[]>`/* payments.claim-due */
    UPDATE payment SET next_call_at = ${leaseUntil}
    WHERE status = 'SUBMITTED' AND id IN (
      SELECT id FROM payment WHERE status = 'SUBMITTED' AND next_call_at <= ${now}
      ORDER BY next_call_at, number LIMIT ${max} FOR UPDATE SKIP LOCKED)
    RETURNING id::text`;
  if (claimed.length === 0) return [];
  const where = { id: { in: claimed.map(({ id }) => id) } };
  const rows = await tx.payment.findMany({ where, orderBy: { number: 'asc' } });
  return rows.map(toPayment);
}

export type Called = {
  readonly id: string;
  readonly nextCallAt: Date;
  /** Null: it is not known whether the provider has it. */
  readonly acknowledgedAt: Date | null;
};

/** What calls about payments have led to; those that have ended meanwhile stay as they are. */
export async function saveCalls(db: Reader, calls: readonly Called[]): Promise<void> {
  if (calls.length === 0) return;
  await db.$executeRaw`/* payments.save-calls */
    UPDATE payment SET next_call_at = c."nextCallAt", acknowledged_at = c."acknowledgedAt"
    FROM json_to_recordset(${JSON.stringify(calls)}::json)
      AS c(id uuid, "nextCallAt" timestamptz, "acknowledgedAt" timestamptz)
    WHERE payment.id = c.id AND payment.status = 'SUBMITTED'`;
}

/** The provider is called about it in the next run. */
export async function callNow(tx: Tx, id: string, now: Date): Promise<void> {
  const where = { id, status: 'SUBMITTED' };
  await tx.payment.updateMany({ where, data: { nextCallAt: now } });
}

export type Work = {
  readonly created: boolean;
  readonly due: boolean;
  readonly noticesDue: boolean;
  readonly resumePoint: string;
};

/** What there is to do, in one question: it is asked many times a second. */
export async function findWork(
  db: Reader,
  provider: string,
  { now, sending }: Pick<Taking, 'now'> & { readonly sending: Sending },
): Promise<Work> {
  const [work] = await db.$queryRaw<Work[]>`/* payments.find-work */
    SELECT EXISTS (SELECT FROM payment p JOIN account a ON a.id = p.account_id
                   WHERE p.status = 'CREATED' AND ${maySend(sending)}) AS created,
           EXISTS (SELECT FROM payment
                   WHERE status = 'SUBMITTED' AND next_call_at <= ${now}) AS due,
           EXISTS (SELECT FROM payment_notice WHERE due_at <= ${now}) AS "noticesDue",
           coalesce((SELECT resume_point FROM provider_stream WHERE provider = ${provider}), '')
             AS "resumePoint"`;
  if (!work) throw new Error('a question without an answer');
  return work;
}

function toPayment({ amount, currency, askedAt: _, nextCallAt: __, ...row }: Row): Payment {
  if (!isCurrency(currency)) throw new Error(`payment ${row.id} has unknown currency ${currency}`);
  return {
    ...row,
    number: row.number.toString(),
    kind: row.kind as PaymentKind,
    status: row.status as PaymentStatus,
    amount: money(new Decimal(amount.toFixed()), currency),
  };
}
