import { Decimal } from '@simplebank/kernel/decimal';
import { type IdOrNumber, isUuid } from '@simplebank/kernel/ids';
import type { AccountCopy, AssetCopy, PaymentCopy } from '../domain/copies.ts';
import type { Database, Tx } from './client.ts';

type Reader = Database | Tx;

/** Keeps the highest version of each, whatever the order of arrival. */
export async function saveAccounts(tx: Tx, accounts: readonly AccountCopy[]): Promise<void> {
  const rows = accounts.map((account) => ({ ...account, number: account.number.toString() }));
  await tx.$executeRaw`
    /* strategies.save-accounts */
    INSERT INTO account (id, number, owner_ids, currency, status, version)
    SELECT DISTINCT ON (id) id, number,
      ARRAY(SELECT jsonb_array_elements_text("ownerIds")::uuid), currency, status, version
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input (id uuid, number bigint,
      "ownerIds" jsonb, currency text, status text, version int)
    ORDER BY id, version DESC
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, owner_ids = excluded.owner_ids,
      currency = excluded.currency, status = excluded.status, version = excluded.version
    WHERE account.version < excluded.version`;
}

/** Keeps the highest version of each, whatever the order of arrival. */
export async function saveAssets(tx: Tx, assets: readonly AssetCopy[]): Promise<void> {
  await tx.$executeRaw`
    /* strategies.save-assets */
    INSERT INTO asset (id, symbol, name, type, currency, fractionable, state, version)
    SELECT DISTINCT ON (id) id, symbol, name, type, currency, fractionable, state, version
    FROM jsonb_to_recordset(${JSON.stringify(assets)}::jsonb) AS input (id uuid, symbol text,
      name text, type text, currency text, fractionable boolean, state text, version int)
    ORDER BY id, version DESC
    ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol, name = excluded.name,
      type = excluded.type, currency = excluded.currency, fractionable = excluded.fractionable,
      state = excluded.state, version = excluded.version
    WHERE asset.version < excluded.version`;
}

/** Keeps the highest version of each, whatever the order of arrival. */
export async function savePayments(tx: Tx, payments: readonly PaymentCopy[]): Promise<void> {
  const rows = payments.map((payment) => ({ ...payment, number: payment.number.toString() }));
  await tx.$executeRaw`
    /* strategies.save-payments */
    INSERT INTO payment (id, number, account_id, kind, amount, currency, status, plan_run_id,
      version)
    SELECT DISTINCT ON (id) id, number, "accountId", kind, amount, currency, status, "planRunId",
      version
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input (id uuid, number bigint,
      "accountId" uuid, kind text, amount numeric, currency text, status text, "planRunId" uuid,
      version int)
    ORDER BY id, version DESC
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version
    WHERE payment.version < excluded.version`;
}

export async function findAccount(db: Reader, key: IdOrNumber): Promise<AccountCopy | null> {
  return db.account.findUnique({ where: key });
}

/** Every account of these ids that is known. */
export async function findAccounts(
  db: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AccountCopy>> {
  const rows = await db.account.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Every asset of these ids that is known. */
export async function findAssets(
  db: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AssetCopy>> {
  const rows = await db.asset.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.id, row as AssetCopy]));
}

/** By UUID or symbol; a symbol that was used again means the asset that still trades. */
export async function findAssetsByKey(
  db: Reader,
  keys: readonly string[],
): Promise<ReadonlyMap<string, AssetCopy>> {
  const rows = await db.asset.findMany({
    where: {
      OR: [
        { id: { in: keys.filter(isUuid) } },
        { symbol: { in: keys.filter((key) => !isUuid(key)) } },
      ],
    },
  });
  const current = rows.toSorted((a, b) => rank(a.state) - rank(b.state));
  return new Map(
    current.flatMap((row) => [
      [row.id, row as AssetCopy],
      [row.symbol, row as AssetCopy],
    ]),
  );
}

const rank = (state: string): number => (state === 'DELISTED' ? 0 : 1);

type PaymentRow = Omit<PaymentCopy, 'amount'> & { readonly amount: string };

export async function findPayment(db: Reader, key: IdOrNumber): Promise<PaymentCopy | null> {
  const row = await db.payment.findUnique({ where: key });
  return row && toPayment({ ...row, amount: row.amount.toFixed() } as PaymentRow);
}

/**
 * Reads the payment after every change of it that is under way, and lets none happen until the end
 * of the transaction: whoever comes second sees what the first has done.
 */
export async function lockPayment(tx: Tx, id: string): Promise<PaymentCopy | null> {
  const [row] = await tx.$queryRaw<PaymentRow[]>`
    /* strategies.lock-payment */
    SELECT id::text, number, account_id::text AS "accountId", kind, amount::text, currency, status,
      plan_run_id::text AS "planRunId", version
    FROM payment WHERE id = ${id}::uuid FOR SHARE`;
  return row ? toPayment(row) : null;
}

const toPayment = (row: PaymentRow): PaymentCopy => ({ ...row, amount: new Decimal(row.amount) });

/** The deposit that was made for a run of a plan. */
export async function findPaymentOfRun(db: Reader, planRunId: string): Promise<PaymentCopy | null> {
  const row = await db.payment.findFirst({ where: { planRunId } });
  return row && toPayment({ ...row, amount: row.amount.toFixed() } as PaymentRow);
}
