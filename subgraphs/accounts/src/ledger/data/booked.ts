import { Decimal } from '@simplebank/kernel/decimal';
import type { Reader } from '../../data/client.ts';
import type { Booked, BookedEntry, BookedKind } from '../domain/reversal.ts';

/** Far more than any transaction has; one with more is not answered in part. */
const entriesMax = 100;

/** Null when there is none of this id. Throws for one with more than 100 entries. */
export async function findBooked(db: Reader, id: string): Promise<Booked | null> {
  const row = await db.transaction.findUnique({
    where: { id },
    include: {
      reversedBy: { select: { id: true } },
      entries: {
        include: { ledgerAccount: { select: { kind: true, accountId: true } } },
        orderBy: { id: 'asc' },
        take: entriesMax + 1,
      },
    },
  });
  if (!row) return null;
  const { kind, entries, reversedBy, feedWritten: _, ...header } = row;
  if (entries.length > entriesMax) throw new Error(`transaction ${id} has too many entries`);
  return {
    ...header,
    kind: kind as BookedKind,
    reversedById: reversedBy?.id ?? null,
    entries: entries.map(({ ledgerAccount, amount, currency }) => ({
      account: ledgerAccount.kind as BookedEntry['account'],
      accountId: ledgerAccount.accountId,
      amount: new Decimal(amount.toString()),
      currency,
    })),
  };
}

/** What each of these transactions reverses, in their order; null for those that reverse none. */
export async function findReversed(db: Reader, ids: readonly string[]): Promise<(string | null)[]> {
  const rows = await db.transaction.findMany({
    where: { id: { in: [...ids] }, reversesId: { not: null } },
    select: { id: true, reversesId: true },
  });
  const reversed = new Map(rows.map(({ id, reversesId }) => [id, reversesId]));
  return ids.map((id) => reversed.get(id) ?? null);
}
