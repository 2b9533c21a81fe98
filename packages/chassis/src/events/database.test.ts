import { expect, test } from 'vitest';
import { isConnectionLost, type TransactionHost, transactor } from './database.ts';

const coded = (code: string) => Object.assign(new Error('no'), { code });
/** As Prisma wraps what its adapter met. */
const wrapped = (kind: string) =>
  Object.assign(coded('P2010'), { meta: { driverAdapterError: { cause: { kind } } } });

/** Fails with each error in turn, then succeeds. */
function failing(...errors: Error[]) {
  const runs = { count: 0, commits: 0 };
  const db: TransactionHost<null> = {
    $transaction: async (work) => {
      runs.count += 1;
      const error = errors.shift();
      if (error) throw error;
      return work(null);
    },
  };
  const transact = transactor(db, {
    onCommit: () => {
      runs.commits += 1;
    },
  });
  return { transact, runs };
}

test.each([
  ['a serialization failure', coded('40001')],
  ['a deadlock', coded('40P01')],
  ["Prisma's write conflict", coded('P2034')],
  ['a write conflict inside a raw query', wrapped('TransactionWriteConflict')],
])('%s is run again', async (_, error) => {
  const { transact, runs } = failing(error, error);
  expect(await transact(async () => 'done')).toBe('done');
  expect(runs).toEqual({ count: 3, commits: 1 });
});

test('conflicts without end are given up after six attempts', async () => {
  const { transact, runs } = failing(...Array.from({ length: 9 }, () => coded('40001')));
  await expect(transact(async () => 'done')).rejects.toThrow('no');
  expect(runs).toEqual({ count: 6, commits: 0 });
});

test('any other error is thrown at once and wakes nobody', async () => {
  const { transact, runs } = failing(coded('23505'));
  await expect(transact(async () => 'done')).rejects.toThrow('no');
  expect(runs).toEqual({ count: 1, commits: 0 });
});

test('a lost connection is told from a failing statement', () => {
  const lost = [
    ...[coded('ECONNREFUSED'), coded('57P01'), coded('08006'), coded('P1001')],
    ...[wrapped('DatabaseNotReachable'), new Error('Connection terminated unexpectedly')],
    new Error('outer', { cause: coded('ECONNRESET') }),
  ];
  const failed = [coded('23505'), coded('22P02'), coded('P2025'), wrapped('TableDoesNotExist')];
  expect(lost.map(isConnectionLost)).toEqual(lost.map(() => true));
  expect([...failed, new Error('bug'), 'text', null].map(isConnectionLost)).toEqual(
    [...failed, 1, 2, 3].map(() => false),
  );
});
