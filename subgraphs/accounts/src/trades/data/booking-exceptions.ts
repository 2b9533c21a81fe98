import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency, money } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import type { BookingException, ResolutionKind } from '../domain/booking-exception.ts';

export type ExceptionPlace = { readonly at: Date; readonly id: string };
export type ExceptionPage = {
  /** Only those about which nobody has decided. */
  readonly open: boolean;
  /** Older than this one; null for the newest. */
  readonly before: ExceptionPlace | null;
  readonly limit: number;
};

const withResolution = { resolution: true } as const;

/** Newest first. */
export async function listExceptions(
  db: Reader,
  { open, before, limit }: ExceptionPage,
): Promise<BookingException[]> {
  const older = before && {
    OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: before.id } }],
  };
  const rows = await db.bookingException.findMany({
    where: { ...(open ? { resolution: null } : {}), ...older },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
    include: withResolution,
  });
  return rows.map(toException);
}

export async function findException(db: Reader, id: string): Promise<BookingException | null> {
  const row = await db.bookingException.findUnique({ where: { id }, include: withResolution });
  return row && toException(row);
}

export type NewResolution = {
  readonly exceptionId: string;
  readonly kind: ResolutionKind;
  readonly reason: string;
  readonly actor: string;
  readonly transactionId: string | null;
  readonly at: Date;
};

/** Throws when somebody has decided before: the exception's lock was not taken. */
export async function insertResolution(tx: Tx, resolution: NewResolution): Promise<void> {
  await tx.exceptionResolution.create({ data: resolution });
}

type Row = Omit<BookingException, 'code' | 'cost' | 'resolution'> & {
  readonly code: string;
  readonly resolution: (NewResolution | (Omit<NewResolution, 'kind'> & { kind: string })) | null;
};

const toException = ({ resolution, code, ...row }: Row): BookingException => ({
  ...row,
  code: code as BookingException['code'],
  cost: costOf(row.body),
  resolution: resolution && { ...resolution, kind: resolution.kind as ResolutionKind },
});

type Written = { value: string; fees: Record<string, string>; currency: string };

/** Value and fees of what was to be booked. */
function costOf(body: string | null) {
  if (body === null) return null;
  const { value, fees, currency } = JSON.parse(body) as Written;
  if (!isCurrency(currency)) throw new Error(`an execution in ${currency}`);
  return money(Decimal.sum(value, ...Object.values(fees)), currency);
}
