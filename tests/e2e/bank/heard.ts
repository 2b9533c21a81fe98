import { Client } from 'pg';
import { waitFor } from '../../../tools/bank/client.ts';
import type { WholeBank } from '../whole-bank.ts';

type Heard = { readonly table: 'account' | 'payment'; readonly id: string };

/**
 * Until strategies has heard by event of an account that is active or a payment that is complete:
 * what it has not heard of it refuses, and between processes a fact takes its time.
 */
export async function strategiesHeard(
  { databases }: Pick<WholeBank, 'databases'>,
  { table, id }: Heard,
): Promise<void> {
  const client = new Client({ connectionString: databases['strategies']?.adminUrl });
  await client.connect();
  try {
    await waitFor(`the ${table} in strategies`, async () => {
      const text = `SELECT FROM "${table}" WHERE id = $1 AND status IN ('ACTIVE', 'COMPLETED')`;
      return (await client.query(text, [id])).rowCount === 1 ? true : null;
    });
  } finally {
    await client.end();
  }
}
