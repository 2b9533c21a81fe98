import type { Tx } from '../../data/client.ts';
import { activitiesOf } from '../domain/activity.ts';
import type { Capture, Hold, Postings, Resolution, SettlementItem } from '../domain/postings.ts';
import type { Transaction } from '../domain/transaction.ts';
import { insertActivities } from './activities.ts';
import { toJson } from './rows.ts';

/**
 * Writes facts of the ledger with one statement per table, however many they are: for a batch of
 * 100 fills that is 4 statements instead of some 600 (README, Speed). Triggers move the
 * balances. Captures come before entries, because a capture frees what its entry then spends.
 */
export async function savePostings(tx: Tx, postings: Postings): Promise<void> {
  await insertHolds(tx, postings.holds);
  await insertTransactions(tx, postings.transactions);
  await insertCaptures(tx, postings.captures);
  await insertEntries(tx, postings.transactions);
  await insertSettlements(tx, postings.settlements);
  await insertResolutions(tx, postings.resolutions);
  await insertActivities(tx, [...postings.transactions.flatMap(activitiesOf), ...postings.notes]);
}

async function insertHolds(tx: Tx, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return;
  await tx.$executeRaw`/* ledger.insert-holds */
    INSERT INTO hold (id, ledger_account_id, purpose, reference, amount, currency, created_at,
                      expires_at)
    SELECT * FROM json_to_recordset(${toJson(holds)}::json)
      AS h(id uuid, "ledgerAccountId" bigint, purpose text, reference text, amount numeric,
           currency text, "createdAt" timestamptz, "expiresAt" timestamptz)`;
}

async function insertTransactions(tx: Tx, transactions: readonly Transaction[]): Promise<void> {
  if (transactions.length === 0) return;
  const rows = transactions.map(({ legs: _, shares: __, ...header }) => header);
  await tx.$executeRaw`/* ledger.insert-transactions */
    INSERT INTO transaction (id, kind, reference, at, order_id, execution_id, payment_id,
                             reverses_id, feed_written)
    SELECT *, true FROM json_to_recordset(${toJson(rows)}::json)
      AS t(id uuid, kind text, reference text, at timestamptz, "orderId" uuid,
           "executionId" text, "paymentId" uuid, "reversesId" uuid)`;
}

async function insertCaptures(tx: Tx, captures: readonly Capture[]): Promise<void> {
  if (captures.length === 0) return;
  await tx.$executeRaw`/* ledger.insert-captures */
    INSERT INTO hold_capture (hold_id, execution, amount, transaction_id, at)
    SELECT * FROM json_to_recordset(${toJson(captures)}::json)
      AS c("holdId" uuid, execution text, amount numeric, "transactionId" uuid, at timestamptz)`;
}

/** A house is named, not numbered, so that no process need remember its row. */
async function insertEntries(tx: Tx, transactions: readonly Transaction[]): Promise<void> {
  const rows = transactions.flatMap(({ id, currency, legs }) =>
    legs.map((leg) => ({ ...leg, transactionId: id, currency })),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`/* ledger.insert-entries */
    INSERT INTO entry (transaction_id, ledger_account_id, amount, currency)
    SELECT e."transactionId", coalesce(e."ledgerAccountId", h.id), e.amount, e.currency
    FROM ROWS FROM (json_to_recordset(${toJson(rows)}::json)
      AS ("transactionId" uuid, "ledgerAccountId" bigint, house text, amount numeric,
          currency text))
      WITH ORDINALITY AS e("transactionId", "ledgerAccountId", house, amount, currency, place)
    LEFT JOIN ledger_account h
      ON h.account_id IS NULL AND h.kind = e.house AND h.currency = e.currency
    ORDER BY e.place`;
}

async function insertSettlements(tx: Tx, items: readonly SettlementItem[]): Promise<void> {
  if (items.length === 0) return;
  await tx.$executeRaw`/* ledger.insert-settlements */
    INSERT INTO settlement_item (id, ledger_account_id, order_id, execution_id, side, value, net,
                                 currency, due_on)
    SELECT * FROM json_to_recordset(${toJson(items)}::json)
      AS s(id uuid, "ledgerAccountId" bigint, "orderId" uuid, "executionId" text, side text,
           value numeric, net numeric, currency text, "dueOn" date)`;
}

async function insertResolutions(tx: Tx, resolutions: readonly Resolution[]): Promise<void> {
  if (resolutions.length === 0) return;
  await tx.$executeRaw`/* ledger.insert-resolutions */
    INSERT INTO hold_resolution (hold_id, kind, amount, at)
    SELECT * FROM json_to_recordset(${toJson(resolutions)}::json)
      AS r("holdId" uuid, kind text, amount numeric, at timestamptz)`;
}
