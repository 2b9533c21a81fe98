import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import type { DueDividend, Entitlement } from '../domain/dividend.ts';

/** Keeps the highest version of each, in one statement. */
export async function keepEntitlements(tx: Tx, told: readonly Entitlement[], at: Date) {
  if (told.length === 0) return;
  await tx.$executeRaw`/* dividends.keep-entitlements */
    INSERT INTO dividend_entitlement (action_id, account_id, asset_id, symbol, quantity, rate,
      amount, currency, ex_date, pay_date, version, correlation_id, event_id, updated_at)
    SELECT DISTINCT ON ("actionId", "accountId")
      "actionId", "accountId", "assetId", symbol, quantity, rate, amount, currency, "exDate",
      "payDate", version, "correlationId", "eventId", ${at}::timestamptz
    FROM json_to_recordset(${JSON.stringify(told)}::json)
      AS e("actionId" uuid, "accountId" uuid, "assetId" uuid, symbol text, quantity numeric,
           rate numeric, amount numeric, currency text, "exDate" date, "payDate" date, version int,
           "correlationId" text, "eventId" uuid)
    ORDER BY "actionId", "accountId", version DESC
    ON CONFLICT (action_id, account_id) DO UPDATE SET
      quantity = excluded.quantity, rate = excluded.rate, amount = excluded.amount,
      pay_date = excluded.pay_date, version = excluded.version,
      correlation_id = excluded.correlation_id, event_id = excluded.event_id,
      updated_at = excluded.updated_at
      WHERE excluded.version > dividend_entitlement.version`;
}

type Row = Omit<DueDividend, 'quantity' | 'rate' | 'amount' | 'paid' | 'currency'> &
  Readonly<Record<'quantity' | 'rate' | 'amount' | 'paid' | 'currency', string>>;

/** Accounts that have something due by `today` which is not paid, the oldest pay date first. */
export async function findDueAccounts(tx: Tx, due: DueQuery): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`/* dividends.due-accounts */
    SELECT DISTINCT account_id::text AS id FROM (
      SELECT account_id FROM dividend_entitlement
      WHERE paid_version IS DISTINCT FROM version AND pay_date <= ${due.today}::date
      ORDER BY pay_date, action_id, account_id LIMIT ${due.max}
    ) AS first`;
  return rows.map(({ id }) => id);
}

export type DueQuery = { readonly today: string; readonly max: number };

/** What is due to these accounts and not paid, locked; their money is locked before. */
export async function lockDue(
  tx: Tx,
  accountIds: readonly string[],
  { today, max }: DueQuery,
): Promise<DueDividend[]> {
  const rows = await tx.$queryRaw<Row[]>`/* dividends.lock-due */
    SELECT action_id::text AS "actionId", account_id::text AS "accountId",
           asset_id::text AS "assetId", symbol, quantity::text, rate::text, amount::text, currency,
           ex_date::text AS "exDate", pay_date::text AS "payDate", version, paid::text,
           correlation_id AS "correlationId", event_id::text AS "eventId"
    FROM dividend_entitlement
    WHERE paid_version IS DISTINCT FROM version AND pay_date <= ${today}::date
      AND account_id = ANY(${[...accountIds]}::uuid[])
    ORDER BY pay_date, action_id, account_id LIMIT ${max}
    FOR UPDATE`;
  return rows.map(({ quantity, rate, amount, paid, currency, ...row }) => {
    if (!isCurrency(currency)) throw new Error(`dividend ${row.actionId} in ${currency}`);
    const numbers = { quantity: new Decimal(quantity), rate: new Decimal(rate) };
    return { ...row, ...numbers, amount: new Decimal(amount), paid: new Decimal(paid), currency };
  });
}

export type Payment = {
  readonly actionId: string;
  readonly accountId: string;
  readonly version: number;
  /** What was booked now; zero when nothing had to be. */
  readonly amount: Decimal;
  readonly paidOn: string;
  readonly transactionId: string | null;
  readonly issuerTransactionId: string | null;
};

/** Writes payments down, each version of a dividend once: its key refuses a second one. */
export async function savePayments(tx: Tx, payments: readonly Payment[], at: Date): Promise<void> {
  const rows = JSON.stringify(payments);
  await tx.$executeRaw`/* dividends.insert-payments */
    INSERT INTO dividend_payment (action_id, account_id, version, amount, paid_on, transaction_id,
                                  issuer_transaction_id, at)
    SELECT "actionId", "accountId", version, amount, "paidOn", "transactionId",
           "issuerTransactionId", ${at}::timestamptz
    FROM json_to_recordset(${rows}::json)
      AS p("actionId" uuid, "accountId" uuid, version int, amount numeric, "paidOn" date,
           "transactionId" uuid, "issuerTransactionId" uuid)
    WHERE amount <> 0`;
  await tx.$executeRaw`/* dividends.mark-paid */
    UPDATE dividend_entitlement AS e
    SET paid = e.paid + p.amount, paid_version = p.version, updated_at = ${at}::timestamptz
    FROM json_to_recordset(${rows}::json)
      AS p("actionId" uuid, "accountId" uuid, version int, amount numeric)
    WHERE e.action_id = p."actionId" AND e.account_id = p."accountId"`;
}
