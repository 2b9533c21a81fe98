import type { SqlRunner, TransactionHost } from '@simplebank/chassis/database';
import pg from 'pg';

/** What the chassis asks of a Prisma client, over plain `pg`. */
export type SqlClient = SqlRunner & TransactionHost<SqlRunner> & { close(): Promise<void> };

type Queryable = {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
};

const runnerOver = (queryable: Queryable): SqlRunner => ({
  $executeRaw: async (parts, ...values) =>
    (await queryable.query(numbered(parts), values)).rowCount ?? 0,
  $queryRaw: async <T>(parts: TemplateStringsArray, ...values: unknown[]) =>
    (await queryable.query(numbered(parts), values)).rows as T,
});

const numbered = (parts: TemplateStringsArray) =>
  parts.reduce((text, part, index) => `${text}$${index}${part}`);

export function createSqlClient(connectionString: string, poolMax = 10): SqlClient {
  const pool = new pg.Pool({ connectionString, max: poolMax });
  pool.on('error', () => {}); // a killed idle connection; the next statement opens another
  return {
    ...runnerOver(pool),
    $transaction: async (work, options) => {
      const connection = await pool.connect();
      connection.on('error', ignore);
      let broken = false;
      try {
        await connection.query(
          `BEGIN ${options?.isolationLevel ? 'ISOLATION LEVEL SERIALIZABLE' : ''}`,
        );
        const result = await work(runnerOver(connection));
        await connection.query('COMMIT');
        return result;
      } catch (error) {
        await connection.query('ROLLBACK').catch(() => {
          broken = true;
        });
        throw error;
      } finally {
        connection.off('error', ignore);
        connection.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

const ignore = () => {};
