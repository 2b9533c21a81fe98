import { randomUUID } from 'node:crypto';
import { publish } from '@simplebank/chassis/outbox';
import {
  AccountOpenedV1,
  AccountStatusChangedV1,
  CustomerRegisteredV1,
} from '@simplebank/contracts/accounts';
import type { Fact } from '@simplebank/contracts/event';
import pg from 'pg';
import { publishing } from './bank.ts';
import { aCause } from './effects.ts';
import type { OperatedBank } from './operated.ts';
import type { SqlClient } from './sql-client.ts';

const perTransaction = 50;

/** What accounts says of so many accounts: each was opened and then limited. */
export function accountFacts(count: number, firstNumber = 1_000): Fact[] {
  return Array.from({ length: count }, (_, nth): Fact[] => {
    const [accountId, customerId] = [randomUUID(), randomUUID()];
    const account = { accountId, number: String(firstNumber + nth), ownerIds: [customerId] };
    const of = { aggregateId: accountId, cause: aCause() };
    const opened = { ...account, currency: 'USD', status: 'ACTIVE' };
    return [
      {
        ...{ contract: CustomerRegisteredV1, aggregateId: customerId, aggregateVersion: 1 },
        ...{
          payload: { customerId, number: '1', name: 'A B', email: 'a@example.org' },
          cause: aCause(),
        },
      },
      { ...of, contract: AccountOpenedV1, aggregateVersion: 1, payload: opened },
      {
        ...{ ...of, contract: AccountStatusChangedV1, aggregateVersion: 2 },
        payload: { ...opened, status: 'LIMITED', reason: 'asked' },
      },
    ];
  }).flat();
}

/** In several transactions, as requests do. */
export async function say(accounts: SqlClient, facts: readonly Fact[]): Promise<void> {
  for (let start = 0; start < facts.length; start += perTransaction) {
    const some = facts.slice(start, start + perTransaction);
    await accounts.$transaction((tx) => publish(tx, publishing, some));
  }
}

/** Around all grants. */
export async function asAdmin<Row extends object>(
  bank: OperatedBank,
  context: string,
  sql: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: bank.databases[context]?.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Two tables with the same rows have the same checksum. */
export async function checksum(bank: OperatedBank, context: string, table: string) {
  const sql = `SELECT count(*)::int AS rows, md5(string_agg(t::text, E'\\n' ORDER BY t::text))
    AS sum FROM "${table}" t`;
  return (await asAdmin<{ rows: number; sum: string | null }>(bank, context, sql))[0];
}
