import type pg from 'pg';
import { stateOf } from './state.ts';

/** What the database holds of one account, actions included, in plain words. */
export async function fullStateOf(sql: pg.Pool, accountId: string) {
  const list = async (text: string) => (await sql.query(text, [accountId])).rows;
  const actions = await list(
    `SELECT action.ex_date::text AS "exDate", action.kind,
            trim_scale(done.quantity)::text AS quantity,
            trim_scale(done.quantity_after)::text AS after, trim_scale(done.amount)::text AS amount
     FROM position_action AS done JOIN corporate_action AS action ON action.id = done.action_id
     WHERE done.account_id = $1 ORDER BY 1, 2`,
  );
  const lotSplits = await list(
    `SELECT lot.execution_id AS lot, action.ex_date::text AS "exDate",
            trim_scale(s.quantity_before)::text AS before,
            trim_scale(s.quantity_after)::text AS after
     FROM lot_split AS s JOIN lot ON lot.id = s.lot_id
     JOIN corporate_action AS action ON action.id = s.action_id
     WHERE lot.account_id = $1 ORDER BY lot.execution_id, 2`,
  );
  return { ...(await stateOf(sql, accountId)), actions, lotSplits };
}

type Told = { readonly aggregateVersion: number; readonly type: string; readonly payload: object };

/** The last version of every dividend and split that was told about an account, by ex-date. */
export async function toldOf(sql: pg.Pool, accountId: string) {
  const { rows } = await sql.query(
    `SELECT DISTINCT ON (aggregate_id) body FROM outbox_event
     WHERE type IN ('holdings.dividend-due.v1', 'holdings.position-split.v1')
       AND body::json -> 'payload' ->> 'accountId' = $1
     ORDER BY aggregate_id, aggregate_version DESC`,
    [accountId],
  );
  return rows.map(({ body }) => JSON.parse(body) as Told);
}
