/** The part of a Prisma client, or of its transaction, that the chassis needs: tagged SQL. */
export type SqlRunner = {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>;
  $queryRaw<T>(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<T>;
};

export type TransactOptions = { readonly isolation?: 'Serializable' };
export type Transact<Tx> = <T>(
  work: (tx: Tx) => Promise<T>,
  options?: TransactOptions,
) => Promise<T>;

type TransactionOptions = {
  readonly maxWait?: number;
  readonly timeout?: number;
  readonly isolationLevel?: 'Serializable';
};
/** What can open a transaction: a Prisma client fits. */
export type TransactionHost<Tx> = {
  $transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
};

/**
 * Runs one transaction, bounded in time; serialization failures and deadlocks are retried a few
 * times with jittered pauses, so `work` may run more than once. Calls `onCommit` after a commit.
 */
export function transactor<Tx>(
  db: TransactionHost<Tx>,
  { onCommit }: { readonly onCommit: () => void },
): Transact<Tx> {
  return async (work, { isolation } = {}) => {
    const options = isolation ? { isolationLevel: isolation } : {};
    const result = await db.$transaction(work, options);
    onCommit();
    return result;
  };
}
