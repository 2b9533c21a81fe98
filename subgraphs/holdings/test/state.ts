import type pg from 'pg';

/** What the database holds of one account, in plain words and in the order of the executions. */
export async function stateOf(sql: pg.Pool, accountId: string) {
  const list = async (text: string) => (await sql.query(text, [accountId])).rows;
  const number = (name: string) => `trim_scale(${name})::text AS ${name}`;
  const positions = await list(
    `SELECT ${number('quantity')}, ${number('reserved')}, ${number('cost')}
     FROM position WHERE account_id = $1 ORDER BY asset_id`,
  );
  const lots = await list(
    `SELECT execution_id, ${number('remaining')}, ${number('remaining_cost')},
            ${number('remaining_fee')}
     FROM lot WHERE account_id = $1 ORDER BY acquired_at, execution_id COLLATE "C"`,
  );
  const matches = await list(
    `SELECT sale.execution_id, lot.execution_id AS lot,
            trim_scale(lot_match.quantity)::text AS quantity,
            trim_scale(lot_match.cost)::text AS cost, ${number('buy_fee')}, ${number('proceeds')},
            ${number('sale_fee')}, ${number('net_gain')}, term
     FROM lot_match
     JOIN lot ON lot.id = lot_match.lot_id
     JOIN execution AS sale ON sale.order_id = lot_match.order_id
                           AND sale.execution_id = lot_match.execution_id
     WHERE lot.account_id = $1 AND reverses IS NULL
       AND NOT EXISTS (SELECT FROM lot_match AS r WHERE r.reverses = lot_match.id)
     ORDER BY sale.executed_at, sale.execution_id COLLATE "C", lot.acquired_at,
              lot.execution_id COLLATE "C"`,
  );
  const reservations = await list(
    `SELECT ${number('quantity')}, ${number('consumed')}, ${number('released')}, state
     FROM reservation WHERE account_id = $1 ORDER BY 1, 2, 3, 4`,
  );
  return { positions, lots, matches, reservations };
}

/** The events published about one account, oldest first. */
export async function publishedFor(sql: pg.Pool, accountId: string) {
  const { rows } = await sql.query('SELECT body FROM outbox_event ORDER BY position');
  return rows
    .map(({ body }) => JSON.parse(body))
    .filter(({ payload }) => payload.accountId === accountId);
}
