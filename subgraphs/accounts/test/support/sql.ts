import pg from 'pg';

type Row = Readonly<Record<string, unknown>>;
/** Plain SQL, for tests that go around the application. */
export type Sql = ((statement: string) => Promise<readonly Row[]>) & { end(): Promise<void> };

export async function openSql(url: string): Promise<Sql> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ask = async (statement: string) => {
    try {
      const result: unknown = await client.query(statement);
      return Array.isArray(result) ? [] : (result as pg.QueryResult<Row>).rows;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  };
  return Object.assign(ask, { end: () => client.end() });
}
