import { Client } from 'pg';
import type { WholeBank } from './whole-bank.ts';

/** Tables that a command may write, by context. */
const tables = {
  accounts: ['payment', 'transaction', 'entry', 'hold', 'audit'],
  orders: ['order', 'order_event'],
  strategies: ['strategy', 'strategy_order', 'plan', 'election', 'rebalance_run'],
  assets: ['asset', 'corporate_action'],
  notifications: ['preference'],
} as const;

async function countIn(url: string, names: readonly string[]): Promise<Record<string, number>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const one = (name: string) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`;
    const { rows } = await client.query(names.map(one).join(' UNION ALL '));
    return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
  } finally {
    await client.end();
  }
}

/** How many rows stand where a command would write; equal before and after one that is refused. */
export async function rowCounts({ databases }: WholeBank): Promise<Record<string, number>> {
  const counted = Object.entries(tables).map(([context, names]) =>
    countIn(databases[context]?.adminUrl ?? '', names),
  );
  return Object.assign({}, ...(await Promise.all(counted)));
}
