import { Decimal } from '@simplebank/kernel/decimal';
import type { AccountId, AssetId } from '@simplebank/kernel/ids';
import { isCurrency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import type { PositionKey } from '../../domain/position.ts';
import { type Action, isDividend, isSplit } from '../domain/action.ts';

export type AssetLocks = {
  /** Whose actions are about to be told. */
  readonly exclusive: readonly string[];
  /** Whose positions are about to be changed. */
  readonly shared: readonly string[];
};

/**
 * An action of an asset and the bookings of its executions wait for each other, in order of the
 * assets: whoever books sees every action told before, and the action every position made before.
 */
export async function lockAssets(tx: Tx, { exclusive, shared }: AssetLocks): Promise<void> {
  if (exclusive.length + shared.length === 0) return;
  await tx.$queryRaw`
    /* actions.lock-assets */
    SELECT CASE WHEN alone THEN pg_advisory_xact_lock(hashtextextended(name, 0))::text
                ELSE pg_advisory_xact_lock_shared(hashtextextended(name, 0))::text END
    FROM (
      SELECT 'asset-actions:' || id AS name, bool_or(alone) AS alone FROM (
        SELECT unnest(${[...exclusive]}::text[]) AS id, true AS alone
        UNION ALL SELECT unnest(${[...shared]}::text[]), false
      ) AS asked GROUP BY id ORDER BY id
    ) AS locks`;
}

/** Answers the ids of those that were not told before; each is to be carried out. */
export async function insertActions(
  tx: Tx,
  actions: readonly Action[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const column = <K extends keyof Action>(name: K) => actions.map((action) => action[name]);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    /* actions.insert */
    WITH told AS (
      INSERT INTO corporate_action (id, asset_id, symbol, kind, ex_date, rate, currency, pay_date,
                                    numerator, denominator, correlation_id, event_id, told_at)
      SELECT given.*, ${at.toISOString()}::timestamptz FROM unnest(
        ${column('id')}::uuid[], ${column('assetId')}::uuid[], ${column('symbol')}::text[],
        ${column('kind')}::text[], ${column('exDate')}::date[],
        ${actions.map((one) => (isDividend(one) ? one.rate.toFixed() : null))}::numeric[],
        ${actions.map((one) => (isDividend(one) ? one.currency : null))}::text[],
        ${actions.map((one) => (isDividend(one) ? one.payDate : null))}::date[],
        ${actions.map((one) => (isSplit(one) ? one.numerator : null))}::int[],
        ${actions.map((one) => (isSplit(one) ? one.denominator : null))}::int[],
        ${actions.map(({ toldBy }) => toldBy.correlationId)}::text[],
        ${actions.map(({ toldBy }) => toldBy.eventId)}::uuid[]) AS given
      ON CONFLICT DO NOTHING RETURNING id
    ), opened AS (INSERT INTO open_action (action_id) SELECT id FROM told)
    SELECT id::text FROM told`;
  return new Set(rows.map(({ id }) => id));
}

type Row = {
  id: string;
  assetId: string;
  symbol: string;
  kind: 'DIVIDEND' | 'SPLIT';
  exDate: string;
  rate: string | null;
  currency: string | null;
  payDate: string | null;
  numerator: number | null;
  denominator: number | null;
  correlationId: string;
  eventId: string;
};

/** The actions of these assets that have taken effect, by ex-date and id. */
export async function findActions(tx: Tx, assetIds: readonly string[]): Promise<Action[]> {
  const rows = await tx.$queryRaw<Row[]>`
    /* actions.find */
    SELECT id::text, asset_id::text AS "assetId", symbol, kind, ex_date::text AS "exDate",
           rate::text, currency, pay_date::text AS "payDate", numerator, denominator,
           correlation_id AS "correlationId", event_id::text AS "eventId"
    FROM corporate_action WHERE asset_id = ANY(${[...new Set(assetIds)]}::uuid[])
    ORDER BY ex_date, id`;
  return rows.map(toAction);
}

function toAction(row: Row): Action {
  const { id, symbol, exDate, correlationId, eventId } = row;
  const assetId = row.assetId as AssetId;
  const about = { id, assetId, symbol, exDate, toldBy: { correlationId, eventId } };
  if (row.kind === 'SPLIT' && row.numerator !== null && row.denominator !== null) {
    return { ...about, kind: 'SPLIT', numerator: row.numerator, denominator: row.denominator };
  }
  const { rate, currency, payDate } = row;
  if (rate === null || currency === null || payDate === null || !isCurrency(currency)) {
    throw new Error(`action ${id} has no terms`);
  }
  return { ...about, kind: 'DIVIDEND', rate: new Decimal(rate), currency, payDate };
}

/**
 * Of these positions those that an action has to do with and has not been carried out on: they were
 * traded before its ex-date.
 */
export async function findOutdated(tx: Tx, keys: readonly PositionKey[]): Promise<PositionKey[]> {
  const rows = await tx.$queryRaw<{ accountId: string; assetId: string }[]>`
    /* actions.outdated */
    SELECT DISTINCT key.account_id::text AS "accountId", key.asset_id::text AS "assetId"
    FROM unnest(${keys.map(({ accountId }) => accountId)}::uuid[],
                ${keys.map(({ assetId }) => assetId)}::uuid[]) AS key (account_id, asset_id)
    JOIN corporate_action AS action ON action.asset_id = key.asset_id
    WHERE NOT EXISTS (SELECT FROM position_action AS done
                      WHERE done.action_id = action.id AND done.account_id = key.account_id)
      AND EXISTS (SELECT FROM execution
                  WHERE execution.account_id = key.account_id
                    AND execution.asset_id = key.asset_id
                    AND execution.trade_date < action.ex_date)`;
  return rows.map(toKey);
}

export type OpenAction = {
  readonly actionId: string;
  readonly assetId: string;
  readonly afterAccount: string | null;
};

/** The oldest action that has not been carried out on every position and that nobody is at. */
export async function lockOpenAction(tx: Tx): Promise<OpenAction | null> {
  const rows = await tx.$queryRaw<OpenAction[]>`
    /* actions.open */
    SELECT open.action_id::text AS "actionId", action.asset_id::text AS "assetId",
           open.after_account::text AS "afterAccount"
    FROM open_action AS open JOIN corporate_action AS action ON action.id = open.action_id
    ORDER BY action.told_at, action.id LIMIT 1
    FOR UPDATE OF open SKIP LOCKED`;
  return rows[0] ?? null;
}

export type HolderPage = {
  readonly assetId: string;
  readonly after: string | null;
  readonly limit: number;
};

const nilId = '00000000-0000-0000-0000-000000000000';

/** Positions of an asset by account, empty ones too: something may come late. */
export async function findHolders(tx: Tx, page: HolderPage): Promise<PositionKey[]> {
  const rows = await tx.$queryRaw<{ accountId: string; assetId: string }[]>`
    /* actions.holders */
    SELECT account_id::text AS "accountId", asset_id::text AS "assetId" FROM position
    WHERE asset_id = ${page.assetId}::uuid AND account_id > ${page.after ?? nilId}::uuid
    ORDER BY account_id LIMIT ${page.limit}`;
  return rows.map(toKey);
}

/** `after` null: every position has it. */
export async function moveOpenAction(tx: Tx, actionId: string, after: string | null) {
  if (after === null) await tx.openAction.deleteMany({ where: { actionId } });
  else await tx.openAction.updateMany({ where: { actionId }, data: { afterAccount: after } });
}

const toKey = ({ accountId, assetId }: { accountId: string; assetId: string }): PositionKey => ({
  accountId: accountId as AccountId,
  assetId: assetId as AssetId,
});
