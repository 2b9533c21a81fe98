import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** What takes events as a queue's job does: the consumer of accounts with its handlers. */
export type Take = (bodies: readonly string[]) => Promise<void>;
export type Rate = {
  readonly perSecond: number;
  readonly batchMs: readonly number[];
  /** Of this process for one transaction: what other work on the machine does not change. */
  readonly cpuMs: number;
};

export type Load = {
  readonly accountIds: readonly string[];
  readonly size: number;
  readonly transactions: number;
};

/** Two at once, as two processes would take batches from their queue. */
const takers = 2;

/** Transactions per second that `post` books in batches, and the milliseconds of each batch. */
async function measure({ size, transactions }: Load, post: (n: number) => Promise<void>) {
  const batches = Math.ceil(transactions / size);
  const batchMs: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const takeSome = async () => {
    for (let batch = next++; batch < batches; batch = next++) {
      const begunAt = performance.now();
      await post(batch);
      batchMs.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: takers }, takeSome));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const posted = batches * size;
  return { perSecond: posted / seconds, batchMs, cpuMs: (user + system) / 1_000 / posted };
}

const pick = (ids: readonly string[], n: number): string => ids[n % ids.length] ?? '';

/** Sales, each a transaction of cash, clearing and commission, through the consumer. */
export async function commandRate(take: Take, load: Load): Promise<Rate> {
  const prepared = Array.from({ length: Math.ceil(load.transactions / load.size) }, (_, batch) =>
    Array.from({ length: load.size }, (__, n) =>
      aSale(pick(load.accountIds, (batch * load.size + n) * 7919)),
    ),
  );
  return measure(load, (batch) => take(prepared[batch] ?? []));
}

function aSale(accountId: string): string {
  const orderId = randomUUID();
  const at = new Date().toISOString();
  return JSON.stringify({
    eventId: randomUUID(),
    type: 'orders.order-filled.v1',
    aggregateId: orderId,
    aggregateVersion: 3,
    occurredAt: at,
    correlationId: orderId,
    causationId: null,
    traceparent: null,
    payload: {
      ...{ orderId, accountId, assetId: orderId, symbol: 'ABC', side: 'SELL', currency: 'USD' },
      ...{ executionId: orderId, quantity: '1', price: '10', value: '10.00' },
      fees: { commission: '0.10', sec: '0', taf: '0' },
      ...{ cumulativeQuantity: '1', leavesQuantity: '0', executions: 1, executedAt: at },
      ...{ tradeDate: '2026-11-23', settlementDate: '2026-11-24', late: false },
    },
  });
}

/** The same transactions by two bare statements a batch, on the same tables with their triggers. */
export async function sqlRate(url: string, load: Load): Promise<Rate> {
  const pool = new pg.Pool({ connectionString: url, max: takers });
  const ledger = await ledgerIds(pool);
  const cash = load.accountIds.flatMap((id) => ledger.get(id) ?? []);
  const [clearing, commission] = [ledger.get('clearing') ?? '', ledger.get('commission') ?? ''];
  const post = async (batch: number) => {
    const ids = Array.from({ length: load.size }, () => randomUUID());
    const entries = ids.flatMap((id, n) => [
      [id, pick(cash, (batch * load.size + n) * 7919), '9.90'],
      [id, clearing, '-10.00'],
      [id, commission, '0.10'],
    ]);
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(lockText, [[...new Set(entries.map(([, id]) => id))]]);
      await client.query(headerText, [ids]);
      const column = (index: number) => entries.map((entry) => entry[index]);
      await client.query(entryText, [column(0), column(1), column(2)]);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  };
  const rate = await measure(load, post);
  await pool.end();
  return rate;
}

const lockText = `SELECT FROM ledger_account WHERE id = ANY($1::bigint[]) AND account_id IS NOT NULL
  ORDER BY id FOR NO KEY UPDATE`;
const headerText = `INSERT INTO transaction (id, kind, reference, at, feed_written)
  SELECT id, 'CORRECTION', 'bench:' || id, now(), true FROM unnest($1::uuid[]) AS t (id)`;
const entryText = `INSERT INTO entry (transaction_id, ledger_account_id, amount, currency)
  SELECT t, l, a, 'USD' FROM unnest($1::uuid[], $2::bigint[], $3::numeric[]) AS e (t, l, a)`;

/** Numbers of cash by account, and of the house's accounts by name. */
async function ledgerIds(pool: pg.Pool): Promise<Map<string, string>> {
  const { rows } = await pool.query(
    `SELECT coalesce(account_id::text, kind) AS name, id::text FROM ledger_account
     WHERE kind <> 'debt'`,
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}
