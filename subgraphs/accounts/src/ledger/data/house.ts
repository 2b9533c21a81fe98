import { Decimal } from '@simplebank/kernel/decimal';
import { type Currency, isCurrency } from '@simplebank/kernel/money';
import type { Reader, Tx } from '../../data/client.ts';
import type { House } from '../domain/transaction.ts';

/** One of the bank's own ledger accounts. Throws for a currency that the bank does not keep. */
export async function findHouse(tx: Tx, house: House, currency: string) {
  const row = await tx.ledgerAccount.findFirst({
    where: { accountId: null, kind: house, currency },
  });
  if (!row || !isCurrency(row.currency)) throw new Error(`there is no ${house} in ${currency}`);
  return { id: row.id, currency: row.currency };
}

export type HouseBalance = {
  readonly account: string;
  readonly currency: Currency;
  readonly balance: Decimal;
  /** Of the checkpoint that the sum began with. */
  readonly checkpointDay: string | null;
};

type Row = Omit<HouseBalance, 'balance' | 'currency'> & { balance: string; currency: string };

/** The last checkpoint of each and what was booked since, in one statement: one moment. */
export async function sumHouses(db: Reader): Promise<HouseBalance[]> {
  const rows = await db.$queryRaw<Row[]>`/* ledger.sum-houses */
    SELECT l.kind AS account, l.currency, c.day::text AS "checkpointDay",
           (coalesce(c.balance, 0) + coalesce(
             (SELECT sum(e.amount) FROM entry e
              WHERE e.ledger_account_id = l.id AND e.id > coalesce(c.through_entry, 0)), 0)
           )::text AS balance
    FROM ledger_account l
    LEFT JOIN LATERAL (
      SELECT * FROM house_checkpoint WHERE ledger_account_id = l.id ORDER BY day DESC LIMIT 1
    ) AS c ON true
    WHERE l.account_id IS NULL ORDER BY l.id`;
  return rows.map(({ balance, currency, ...row }) => {
    if (!isCurrency(currency)) throw new Error(`${row.account} in ${currency}`);
    return { ...row, currency, balance: new Decimal(balance) };
  });
}

export async function hasCheckpoint(db: Reader, day: string): Promise<boolean> {
  const row = await db.houseCheckpoint.findFirst({ where: { day: new Date(day) } });
  return row !== null;
}

/** An entry, and a database transaction that began after everyone who may have a lower number. */
export type Watermark = { readonly entry: bigint; readonly horizon: string };

/**
 * The last booked entry. One with a lower number may still be unbooked: entries are numbered as
 * they are written. Its header was written before, so its database transaction is older than
 * `horizon`.
 */
export async function readWatermark(db: Reader): Promise<Watermark> {
  const { _max } = await db.entry.aggregate({ _max: { id: true } });
  // A statement of its own: it must come after the first has looked.
  const [row] = await db.$queryRaw<{ horizon: string }[]>`/* ledger.read-horizon */
    SELECT pg_current_xact_id()::text AS horizon`;
  if (!row) throw new Error('PostgreSQL has no transaction id');
  return { entry: _max.id ?? 0n, horizon: row.horizon };
}

/** True once all older ones have ended: no entry up to the watermark can appear any more. */
export async function isSettledUp({ horizon }: Watermark, db: Reader): Promise<boolean> {
  const [row] = await db.$queryRaw<{ done: boolean }[]>`/* ledger.is-settled-up */
    SELECT pg_snapshot_xmin(pg_current_snapshot()) >= ${horizon}::xid8 AS done`;
  return row?.done ?? false;
}

export type Checkpoint = { readonly day: string; readonly throughEntry: bigint; readonly at: Date };

/** Adds what was booked since the checkpoint before. A day that has one keeps it. */
export async function insertCheckpoint(tx: Tx, checkpoint: Checkpoint): Promise<void> {
  const { day, throughEntry, at } = checkpoint;
  await tx.$executeRaw`/* ledger.insert-checkpoint */
    INSERT INTO house_checkpoint (ledger_account_id, day, through_entry, balance, at)
    SELECT l.id, ${day}::date, ${throughEntry}, coalesce(c.balance, 0) + coalesce(
             (SELECT sum(e.amount) FROM entry e WHERE e.ledger_account_id = l.id
                AND e.id > coalesce(c.through_entry, 0) AND e.id <= ${throughEntry}), 0), ${at}
    FROM ledger_account l
    LEFT JOIN LATERAL (
      SELECT * FROM house_checkpoint WHERE ledger_account_id = l.id ORDER BY day DESC LIMIT 1
    ) AS c ON true
    WHERE l.account_id IS NULL AND coalesce(c.through_entry, 0) <= ${throughEntry}
    ON CONFLICT DO NOTHING`;
}
