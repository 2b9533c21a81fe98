import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency, money } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import type { Payment as Row } from '../../generated/prisma/client.ts';
import type { Payment, PaymentKind, PaymentStatus } from '../domain/payment.ts';

export type NewPayment = Omit<Payment, 'number'>;

/** Gives the payment its number. */
export async function insertPayment(tx: Tx, payment: NewPayment): Promise<Payment> {
  const { amount, ...rest } = payment;
  const data = { ...rest, amount: amount.amount.toFixed(), currency: amount.currency };
  return toPayment(await tx.payment.create({ data }));
}

export type PaymentLookup = { readonly id: string } | { readonly number: bigint };

export async function findPayment(db: Reader, lookup: PaymentLookup): Promise<Payment | null> {
  const row = await db.payment.findUnique({ where: lookup });
  return row && toPayment(row);
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
};

/** Newest first. */
export async function listPayments(
  db: Reader,
  { accountId, before, limit }: PaymentPage,
): Promise<Payment[]> {
  const where = { accountId, ...(before === null ? {} : { number: { lt: before } }) };
  const rows = await db.payment.findMany({ where, orderBy: { number: 'desc' }, take: limit });
  return rows.map(toPayment);
}

export async function savePayment(tx: Tx, payment: Payment): Promise<void> {
  const { id, status, failureReason, version, endedAt } = payment;
  await tx.payment.update({ where: { id }, data: { status, failureReason, version, endedAt } });
}

/** Marks new payments as on their way before anybody calls the provider; skips those in use. */
export async function takeCreated(
  tx: Tx,
  { now, max }: { readonly now: Date; readonly max: number },
): Promise<void> {
  await tx.$executeRaw`/* payments.take-created */
    UPDATE payment SET status = 'SUBMITTED', submitted_at = ${now}
    WHERE status = 'CREATED' AND id IN (
      SELECT id FROM payment WHERE status = 'CREATED' ORDER BY number LIMIT ${max}
      FOR UPDATE SKIP LOCKED)`;
}

/** Payments on their way, those first that were asked about least lately. */
export async function listUnderWay(db: Reader, max: number): Promise<Payment[]> {
  const rows = await db.payment.findMany({
    where: { status: 'SUBMITTED' },
    orderBy: [{ askedAt: { sort: 'asc', nulls: 'first' } }, { number: 'asc' }],
    take: max,
  });
  return rows.map(toPayment);
}

export async function hasCreated(db: Reader): Promise<boolean> {
  const row = await db.payment.findFirst({ where: { status: 'CREATED' }, select: { id: true } });
  return row !== null;
}

export async function markAcknowledged(db: Reader, ids: readonly string[], at: Date) {
  if (ids.length === 0) return;
  const where = { id: { in: [...ids] }, status: 'SUBMITTED' };
  await db.payment.updateMany({ where, data: { acknowledgedAt: at } });
}

export async function markAsked(db: Reader, ids: readonly string[], at: Date) {
  if (ids.length === 0) return;
  const where = { id: { in: [...ids] }, status: 'SUBMITTED' };
  await db.payment.updateMany({ where, data: { askedAt: at } });
}

function toPayment({ amount, currency, askedAt: _, ...row }: Row): Payment {
  if (!isCurrency(currency)) throw new Error(`payment ${row.id} has unknown currency ${currency}`);
  return {
    ...row,
    number: row.number.toString(),
    kind: row.kind as PaymentKind,
    status: row.status as PaymentStatus,
    amount: money(new Decimal(amount.toFixed()), currency),
  };
}
