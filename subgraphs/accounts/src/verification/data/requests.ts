import type { Reader, Tx } from '../../data/client.ts';

/** A question to the provider that waits for its answer. */
export type OpenRequest = {
  readonly id: string;
  readonly customerId: string;
  readonly submittedAt: Date;
  /** When the provider had taken it; until then it is submitted again. */
  readonly acknowledgedAt: Date | null;
  readonly failures: number;
};

export type NewRequest = Pick<OpenRequest, 'id' | 'customerId' | 'submittedAt'>;

export async function insertRequest(tx: Tx, request: NewRequest): Promise<void> {
  await tx.verificationRequest.create({ data: { ...request, nextAttemptAt: request.submittedAt } });
}

/** Questions whose turn it is, those first that have waited longest, at most `max`. */
export async function listDue(db: Reader, now: Date, max: number): Promise<OpenRequest[]> {
  return db.verificationRequest.findMany({
    where: { answeredAt: null, nextAttemptAt: { lte: now } },
    select: { id: true, customerId: true, submittedAt: true, acknowledgedAt: true, failures: true },
    orderBy: { nextAttemptAt: 'asc' },
    take: max,
  });
}

export async function noteAcknowledged(db: Reader, id: string, at: Date): Promise<void> {
  const where = { id, acknowledgedAt: null };
  await db.verificationRequest.updateMany({ where, data: { acknowledgedAt: at, failures: 0 } });
}

export type Postponement = { readonly nextAttemptAt: Date; readonly failures: number };

export async function postpone(db: Reader, id: string, to: Postponement): Promise<void> {
  await db.verificationRequest.updateMany({ where: { id, answeredAt: null }, data: to });
}

export type RequestAnswer = { readonly answer: string; readonly answeredAt: Date };

/** False when it was answered before. */
export async function noteAnswer(tx: Tx, id: string, answer: RequestAnswer): Promise<boolean> {
  const where = { id, answeredAt: null };
  const { count } = await tx.verificationRequest.updateMany({ where, data: { ...answer } });
  return count === 1;
}
