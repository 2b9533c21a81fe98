import type { Misfit } from '../domain/advance.ts';
import type { ExceptionReason } from '../domain/decide.ts';
import type { OrderException, Resolution } from '../domain/exception.ts';
import type { Place } from '../domain/page.ts';
import type { OrderStatus } from '../domain/status.ts';
import type { OrderEvent } from '../domain/transitions.ts';
import type { Prisma, Transaction } from './client.ts';

export type NewException = Misfit & { readonly id: string; readonly recordedAt: Date };

/** Keeps what no transition fits, once per cause; no order changes. */
export async function recordExceptions(
  tx: Transaction,
  exceptions: readonly NewException[],
): Promise<void> {
  if (exceptions.length === 0) return;
  const data = exceptions.map(({ id, order, message, reason, causeId, recordedAt }) => ({
    id,
    orderId: order.id,
    reason,
    status: order.status,
    event: message.event,
    // JSON text and back, so that decimals and instants are plain strings.
    detail: JSON.parse(JSON.stringify(message)),
    causeId,
    recordedAt,
  }));
  await tx.orderException.createMany({ data, skipDuplicates: true });
}

type Row = Prisma.OrderExceptionGetPayload<{ include: { resolution: true } }>;

const toException = ({ detail, resolution, ...row }: Row): OrderException => ({
  ...row,
  reason: row.reason as ExceptionReason,
  status: row.status as OrderStatus,
  event: row.event as OrderEvent,
  detail: JSON.stringify(detail),
  resolution,
});

export type ExceptionsAsked = {
  readonly unresolvedOnly: boolean;
  readonly after: Place | null;
  readonly max: number;
};

/** Oldest first, those after the place. */
export async function findExceptions(
  tx: Transaction,
  { unresolvedOnly, after, max }: ExceptionsAsked,
): Promise<OrderException[]> {
  const beyond = after
    ? { OR: [{ recordedAt: { gt: after.at } }, { recordedAt: after.at, id: { gt: after.id } }] }
    : {};
  const rows = await tx.orderException.findMany({
    where: { AND: [unresolvedOnly ? { resolution: null } : {}, beyond] },
    orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }],
    take: max,
    include: { resolution: true },
  });
  return rows.map(toException);
}

export async function findException(tx: Transaction, id: string): Promise<OrderException | null> {
  const include = { resolution: true };
  const row = await tx.orderException.findUnique({ where: { id }, include });
  return row && toException(row);
}

/** False when somebody else has resolved it. */
export async function insertResolution(
  tx: Transaction,
  exceptionId: string,
  resolution: Resolution,
): Promise<boolean> {
  const data = [{ exceptionId, ...resolution }];
  const { count } = await tx.orderExceptionResolution.createMany({ data, skipDuplicates: true });
  return count === 1;
}
