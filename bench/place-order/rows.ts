import { setTimeout as pause } from 'node:timers/promises';
import { subscribersOf } from '@simplebank/contracts/subscriptions';
import pg from 'pg';
import { urlAs } from '../../tools/migrate/databases.ts';

const contexts = [
  ...['accounts', 'orders', 'holdings', 'assets', 'strategies', 'market', 'notifications'],
];
const finals = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];

/** The bank's own tables, read from beside it: nobody asks the bank while it is under load. */
export type Tables = {
  /** Orders of these accounts since then, with the time at which each was final. */
  orders(accountIds: readonly string[], since: Date): Promise<readonly OrderRow[]>;
  /** How long after its creation half of those orders had come so far, step by step. */
  steps(accountIds: readonly string[], since: Date): Promise<readonly StepRow[]>;
  /** Events that were published and have not had their effect everywhere. */
  undelivered(): Promise<number>;
  /** Committed transactions of all databases, and deliveries, so far. */
  counts(): Promise<Counts>;
  close(): Promise<void>;
};
export type OrderRow = {
  readonly id: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly status: string;
  readonly createdAt: number;
  /** Null while it goes on. */
  readonly finalAt: number | null;
};
export type StepRow = { readonly step: string; readonly median: number; readonly p95: number };
export type Counts = {
  readonly commits: number;
  readonly events: number;
  readonly deliveries: number;
};

export async function openTables(adminUrl: string): Promise<Tables> {
  const { ask, all, close } = await openClients(adminUrl);
  const events = () =>
    all<{ type: string; n: number }>(
      'SELECT type, count(*)::int AS n FROM outbox_event GROUP BY type',
    );
  const handled = () =>
    all<{ n: number }>('SELECT count(*)::int AS n FROM inbox_event').then(total);
  const expected = async () =>
    (await events()).reduce((sum, { type, n }) => sum + n * subscribersOf(type).length, 0);

  return {
    orders: (accountIds, since) => ask<OrderRow>('orders', ordersText, [accountIds, since, finals]),
    steps: (accountIds, since) => ask<StepRow>('orders', stepsText, [accountIds, since]),
    // Deliveries first: what is published in between counts as under way.
    undelivered: async () => {
      const arrived = await handled();
      return (await expected()) - arrived;
    },
    counts: async () => ({
      commits: total(await ask('orders', commitsText)),
      events: total(await events()),
      deliveries: await handled(),
    }),
    close,
  };
}

async function openClients(adminUrl: string) {
  const clients = new Map<string, pg.Client>();
  for (const database of contexts) {
    const client = new pg.Client({ connectionString: urlAs(adminUrl, { database }) });
    client.on('error', () => {}); // the bank may be closed first; a question then rejects
    // One after the other: a bench is in no hurry before it measures.
    await client.connect();
    clients.set(database, client);
  }
  const ask = async <Row extends pg.QueryResultRow>(
    database: string,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> => (await clients.get(database)?.query<Row>(text, [...values]))?.rows ?? [];
  const all = <Row extends pg.QueryResultRow>(text: string) =>
    Promise.all(contexts.map((database) => ask<Row>(database, text))).then((rows) => rows.flat());
  const close = async () => {
    await Promise.all([...clients.values()].map((client) => client.end()));
  };
  return { ask, all, close };
}

const total = (rows: readonly { readonly n: number }[]) => rows.reduce((sum, { n }) => sum + n, 0);

const commitsText = 'SELECT sum(xact_commit)::float8 AS n FROM pg_stat_database';

const ordersText = `SELECT id, quantity::text, filled_quantity::text AS "filledQuantity", status,
    (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt",
    CASE WHEN status = ANY($3) THEN (extract(epoch FROM updated_at) * 1000)::float8 END AS "finalAt"
  FROM "order" WHERE account_id = ANY($1::uuid[]) AND created_at >= $2`;

const stepsText = `SELECT step,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::float8 AS median,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY ms)::float8 AS p95
  FROM (
    SELECT event AS step, extract(epoch FROM max(e.occurred_at) - o.created_at) * 1000 AS ms
    FROM "order" o JOIN order_event e ON e.order_id = o.id
    WHERE o.account_id = ANY($1::uuid[]) AND o.created_at >= $2
    GROUP BY o.id, event
  ) taken GROUP BY step ORDER BY median`;

const quietMsMax = 180_000;
const lookEveryMs = 50;

/** Waits until every event has had its effect everywhere; answers when that was. */
export async function quietAt(tables: Tables): Promise<number> {
  const giveUp = Date.now() + quietMsMax;
  for (;;) {
    const left = await tables.undelivered();
    if (left === 0) return Date.now();
    if (Date.now() > giveUp)
      throw new Error(`${left} deliveries are missing after ${quietMsMax} ms`);
    await pause(lookEveryMs);
  }
}
