import type { Reader, Tx } from '../../data/client.ts';
import type { NoticeKind } from '../domain/notice.ts';

/** The simulated provider's own tables. Only its adapter comes here: it plays an outside party. */

export type Taken = {
  readonly paymentId: string;
  readonly outcome: 'CONFIRMED' | 'REFUSED';
  readonly answersAt: Date;
  /** When it takes the money of a confirmed payment back; null for most. */
  readonly returnsAt: Date | null;
};
export type Told = {
  readonly noticeId: string;
  readonly paymentId: string;
  readonly kind: NoticeKind;
  readonly reason: string | null;
  readonly at: Date;
  /** When it is told, which may be later than it happened. */
  readonly dueAt: Date;
};

/** A payment that was taken before stays as it is, and nothing is told of it twice. */
export async function takePayment(tx: Tx, taken: Taken, told: readonly Told[]): Promise<void> {
  const { count } = await tx.simulatedPayment.createMany({ data: [taken], skipDuplicates: true });
  if (count === 1 && told.length > 0) await tx.simulatedNotice.createMany({ data: [...told] });
}

export async function findTaken(db: Reader, paymentId: string): Promise<Taken | null> {
  const row = await db.simulatedPayment.findUnique({ where: { paymentId } });
  return row && { ...row, outcome: row.outcome === 'REFUSED' ? 'REFUSED' : 'CONFIRMED' };
}

export async function hasDue(db: Reader, now: Date): Promise<boolean> {
  const [row] = await db.$queryRaw<{ due: boolean }[]>`/* simulated-provider.has-due */
    SELECT EXISTS (SELECT FROM simulated_notice WHERE place IS NULL AND due_at <= ${now}) AS due`;
  return row?.due === true;
}

/** Gives what is due its place in the stream. One at a time, so that no place is filled later. */
export async function tellDue(tx: Tx, now: Date, max: number): Promise<void> {
  await tx.$executeRaw`/* simulated-provider.tell-due */
    UPDATE simulated_notice SET place = due.place
    FROM (SELECT id, (SELECT coalesce(max(place), 0) FROM simulated_notice)
                     + row_number() OVER (ORDER BY due_at, id) AS place
          FROM (SELECT id, due_at FROM simulated_notice WHERE place IS NULL AND due_at <= ${now}
                ORDER BY due_at, id LIMIT ${max}) AS ready) AS due
    WHERE simulated_notice.id = due.id`;
}

export type Placed = Told & { readonly place: bigint | null };

export const listTold = (
  db: Reader,
  { after, max }: { readonly after: bigint; readonly max: number },
): Promise<Placed[]> =>
  db.simulatedNotice.findMany({
    where: { place: { gt: after } },
    orderBy: { place: 'asc' },
    take: max,
  }) as Promise<Placed[]>;
