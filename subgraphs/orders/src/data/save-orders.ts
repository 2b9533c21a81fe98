import type { Step } from '../domain/advance.ts';
import type { Order } from '../domain/order.ts';
import type { AuditRow } from './audit.ts';
import { Prisma, type Transaction } from './client.ts';
import { entryJson } from './entry-rows.ts';
import { progressJson, termsJson } from './order-rows.ts';

const eventColumns = Prisma.raw(`order_id, sequence, event, from_status, to_status, code,
  cumulative_quantity, leaves_quantity, execution_id, quantity, price, value, commission_fee,
  sec_fee, taf_fee, executed_at, trade_date, settlement_date, late, venue_order_id,
  ended_executions, actor_id, cause_id, occurred_at, action_id, ex_date, numerator, denominator,
  goes_on, order_quantity, quantity_before, limit_price_before, limit_price_after,
  stop_price_before, stop_price_after, venue_price_before, venue_price_after`);

const eventShape = Prisma.raw(`order_id uuid, sequence int, event text, from_status text,
  to_status text, code text, cumulative_quantity numeric, leaves_quantity numeric,
  execution_id text, quantity numeric, price numeric, value numeric, commission_fee numeric,
  sec_fee numeric, taf_fee numeric, executed_at timestamptz, trade_date date,
  settlement_date date, late boolean, venue_order_id text, ended_executions int, actor_id uuid,
  cause_id text, occurred_at timestamptz, action_id uuid, ex_date date, numerator int,
  denominator int, goes_on boolean, order_quantity numeric, quantity_before numeric,
  limit_price_before numeric, limit_price_after numeric, stop_price_before numeric,
  stop_price_after numeric, venue_price_before numeric, venue_price_after numeric`);

const termColumns = Prisma.raw(`id, customer_id, idempotency_key, request_hash, account_id,
  asset_id, symbol, asset_name, currency, side, type, time_in_force, quantity, amount, limit_price,
  stop_price, venue_price, trade_value, hold_amount, commission_plan, commission_date,
  strategy_order_id, rebalance_run_id, expires_at, created_at`);

const termShape = Prisma.raw(`id uuid, customer_id uuid, idempotency_key text, request_hash text,
  account_id uuid, asset_id uuid, symbol text, asset_name text, currency text, side text,
  type text, time_in_force text, quantity numeric, amount numeric, limit_price numeric,
  stop_price numeric, venue_price numeric, trade_value numeric, hold_amount numeric,
  commission_plan text, commission_date date, strategy_order_id uuid, rebalance_run_id uuid,
  expires_at timestamptz, created_at timestamptz`);

const stepColumns = Prisma.raw('step, deadline, correlation_id, traceparent');

/** A new order with its first line, the story it belongs to, and who commanded it. */
export type NewOrder = Step & {
  readonly correlationId: string;
  readonly traceparent: string | null;
  readonly audit: AuditRow;
};

/** An event about a new order, as the outbox keeps it. */
export type Telling = {
  readonly eventId: string;
  readonly type: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly body: string;
};

/**
 * Records new orders with the first line of their history, their process, what is told of them and
 * who commanded them. An order whose (customer, key) is taken, by whatever command, is left out
 * whole. Answers the ids that are new.
 *
 * One statement, which is its own transaction. With the one read before it (data/knowledge.ts) an
 * order costs Node 0.7 ms and PostgreSQL 0.9 ms of processor time; the same inserts in an
 * interactive transaction after five reads cost Node 2.7 ms.
 */
export async function insertOrders(
  tx: Transaction,
  placed: readonly NewOrder[],
  tellings: readonly Telling[],
): Promise<ReadonlySet<string>> {
  const orders = placed.map(newOrderJson);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    /* orders.insert */ WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) AS t(${termShape},
        status text, version int, updated_at timestamptz, step text, deadline timestamptz,
        correlation_id text, traceparent text)
    ), placed AS (
      INSERT INTO "order" (${termColumns}, status, version, updated_at)
      SELECT ${termColumns}, status, version, updated_at FROM asked
      -- Keys are locked as they are inserted: in one order, so that no two batches wait in a ring.
      ORDER BY customer_id, idempotency_key
      ON CONFLICT (customer_id, idempotency_key) DO NOTHING RETURNING id
    ), begun AS (
      INSERT INTO order_event (${eventColumns}) SELECT ${eventColumns}
      FROM jsonb_to_recordset(${entriesJson(placed)}::jsonb) AS e(${eventShape})
      WHERE order_id IN (SELECT id FROM placed)
    ), followed AS (
      INSERT INTO order_process (order_id, ${stepColumns}) SELECT id, ${stepColumns} FROM asked
      WHERE id IN (SELECT id FROM placed)
    ), told AS (
      INSERT INTO outbox_event (event_id, type, aggregate_id, aggregate_version, body)
      SELECT "eventId", type, "aggregateId", "aggregateVersion", body
      FROM jsonb_to_recordset(${JSON.stringify(tellings)}::jsonb) AS o("eventId" uuid, type text,
        "aggregateId" text, "aggregateVersion" int, body text)
      WHERE "aggregateId" IN (SELECT id::text FROM placed)
    ), audited AS (
      INSERT INTO audit (at, actor, role, command, subject, request_id, outcome, after_digest)
      SELECT at, actor, role, command, subject, "requestId", outcome, "afterDigest"
      FROM jsonb_to_recordset(${auditsJson(placed)}::jsonb) AS a(at timestamptz, actor text,
        role text, command text, subject text, "requestId" text, outcome text, "afterDigest" text)
      WHERE subject IN (SELECT id::text FROM placed)
    )
    SELECT id FROM placed`;
  return new Set(rows.map(({ id }) => id));
}

const entriesJson = (placed: readonly NewOrder[]): string =>
  JSON.stringify(placed.map(({ order, entry }) => entryJson(order.id, entry)));

const auditsJson = (placed: readonly NewOrder[]): string =>
  JSON.stringify(placed.map(({ audit }) => audit));

const newOrderJson = ({ order, correlationId, traceparent }: NewOrder) => ({
  ...termsJson(order),
  ...progressJson(order),
  correlation_id: correlationId,
  traceparent,
});

export type Change = { readonly order: Order; readonly steps: readonly Step[] };

/** Rows, processes and history move together, in one statement for all orders of a batch. */
export async function saveChanges(tx: Transaction, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const orders = changes.map(({ order }) => progressJson(order));
  const entries = changes.flatMap(({ order, steps }) =>
    steps.map(({ entry }) => entryJson(order.id, entry)),
  );
  await tx.$executeRaw`
    /* orders.save-changes */ WITH changed AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) AS c(id uuid, status text,
        code text, version int, venue_order_id text, filled_quantity numeric, filled_gross numeric,
        filled_value numeric, commission_fee numeric, sec_fee numeric, taf_fee numeric,
        executions int, late_fill boolean, quantity numeric, limit_price numeric,
        stop_price numeric, venue_price numeric, rebasings int, updated_at timestamptz, step text,
        deadline timestamptz)
    ), moved AS (
      UPDATE "order" o SET status = c.status, code = c.code, version = c.version,
        venue_order_id = c.venue_order_id, filled_quantity = c.filled_quantity,
        filled_gross = c.filled_gross, filled_value = c.filled_value,
        commission_fee = c.commission_fee, sec_fee = c.sec_fee, taf_fee = c.taf_fee,
        executions = c.executions, late_fill = c.late_fill, quantity = c.quantity,
        limit_price = c.limit_price, stop_price = c.stop_price, venue_price = c.venue_price,
        rebasings = c.rebasings, updated_at = c.updated_at
      FROM changed c WHERE o.id = c.id
    ), followed AS (
      UPDATE order_process p SET step = c.step, deadline = c.deadline
      FROM changed c WHERE p.order_id = c.id
    )
    INSERT INTO order_event (${eventColumns})
    SELECT ${eventColumns}
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS e(${eventShape})
    ORDER BY order_id, sequence`;
}
