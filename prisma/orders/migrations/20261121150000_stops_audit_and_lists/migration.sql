-- AlterTable
ALTER TABLE "order" ADD COLUMN "stop_price" DECIMAL(20,6);

-- AlterTable
ALTER TABLE "order_request" ALTER COLUMN "order_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "order_exception_resolution" (
    "exception_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "resolved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_exception_resolution_pkey" PRIMARY KEY ("exception_id")
);

-- CreateTable
CREATE TABLE "account_plan" (
    "account_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "plan" TEXT NOT NULL,
    "actor_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "chosen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_plan_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT,
    "request_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "before_digest" TEXT,
    "after_digest" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "order_account_id_asset_id_created_at_id_idx" ON "order"("account_id", "asset_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "order_exception_recorded_at_id_idx" ON "order_exception"("recorded_at", "id");

-- CreateIndex
CREATE INDEX "account_owner_ids_idx" ON "account" USING GIN ("owner_ids");

-- CreateIndex
CREATE INDEX "audit_subject_id_idx" ON "audit"("subject", "id");

-- AddForeignKey
ALTER TABLE "order_exception_resolution" ADD CONSTRAINT "order_exception_resolution_exception_id_fkey" FOREIGN KEY ("exception_id") REFERENCES "order_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a customer looks at most: the orders that have not ended, and those of one investment.
CREATE INDEX order_open_of_account ON "order" (account_id, created_at DESC, id DESC)
  WHERE status IN ('RESERVING', 'ACCEPTED', 'OPEN', 'PLACED', 'PARTIALLY_FILLED', 'CANCEL_PENDING');
CREATE INDEX order_of_strategy_order ON "order" (strategy_order_id, created_at DESC, id DESC)
  WHERE strategy_order_id IS NOT NULL;

-- Types, times in force and prices belong together (domain §3.3, §3.4).
ALTER TABLE "order"
  ADD CONSTRAINT order_limit_price
    CHECK ((limit_price IS NOT NULL) = (type IN ('LIMIT', 'STOP_LIMIT'))),
  ADD CONSTRAINT order_stop_price
    CHECK ((stop_price IS NOT NULL) = (type IN ('STOP', 'STOP_LIMIT'))),
  ADD CONSTRAINT order_prices_positive CHECK (limit_price > 0 AND stop_price > 0),
  ADD CONSTRAINT order_amount_buys CHECK (amount IS NULL OR side = 'BUY'),
  ADD CONSTRAINT order_whole_units
    CHECK (time_in_force = 'DAY' OR (quantity IS NOT NULL AND quantity = trunc(quantity))),
  ADD CONSTRAINT order_at_once
    CHECK (time_in_force NOT IN ('IOC', 'FOK') OR stop_price IS NULL);

ALTER TABLE account_plan
  ADD CONSTRAINT account_plan_name CHECK (plan IN ('standard', 'zero')),
  ADD CONSTRAINT account_plan_sequence CHECK (sequence > 0);

-- The stop price is one of the terms, which never change.
CREATE OR REPLACE FUNCTION keep_order_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW.id, NEW.customer_id, NEW.idempotency_key, NEW.request_hash, NEW.account_id,
      NEW.asset_id, NEW.currency, NEW.side, NEW.type, NEW.time_in_force, NEW.quantity, NEW.amount,
      NEW.limit_price, NEW.stop_price, NEW.venue_price, NEW.trade_value, NEW.hold_amount,
      NEW.commission_plan, NEW.commission_date, NEW.strategy_order_id, NEW.expires_at,
      NEW.created_at)
    IS DISTINCT FROM ROW(OLD.id, OLD.customer_id, OLD.idempotency_key, OLD.request_hash,
      OLD.account_id, OLD.asset_id, OLD.currency, OLD.side, OLD.type, OLD.time_in_force,
      OLD.quantity, OLD.amount, OLD.limit_price, OLD.stop_price, OLD.venue_price, OLD.trade_value,
      OLD.hold_amount, OLD.commission_plan, OLD.commission_date, OLD.strategy_order_id,
      OLD.expires_at, OLD.created_at) THEN
    RAISE EXCEPTION 'order %: its terms never change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'order %: version % does not follow %', OLD.id, NEW.version, OLD.version
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER order_exception_resolution_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON order_exception_resolution
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_plan_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_plan
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Replays every history in the database and shows the orders whose row says anything else
-- (domain §3.2). It reads every line there is: for the reconciler and for tests, not for requests.
CREATE VIEW order_differs_from_history AS
  WITH line AS (
    SELECT e.*,
      lag(to_status, 1, 'NONE') OVER told AS left_at,
      row_number() OVER told AS place,
      count(execution_id) OVER told AS executions_so_far,
      coalesce(sum(quantity) OVER told, 0) AS filled_so_far
    FROM order_event e WINDOW told AS (PARTITION BY order_id ORDER BY sequence)
  ), history AS (
    SELECT order_id, count(*) AS lines, count(execution_id) AS executions,
      coalesce(sum(quantity), 0) AS quantity, coalesce(sum(quantity * price), 0) AS gross,
      coalesce(sum(value), 0) AS value, coalesce(sum(commission_fee), 0) AS commission,
      coalesce(sum(sec_fee), 0) AS sec, coalesce(sum(taf_fee), 0) AS taf,
      coalesce(bool_or(late), false)
        OR coalesce(bool_or(ended_executions < executions_so_far), false) AS late,
      bool_and(place = sequence AND left_at = from_status
        AND cumulative_quantity = filled_so_far) AS is_chain,
      (array_agg(to_status ORDER BY sequence DESC))[1] AS status,
      (array_agg(code ORDER BY sequence DESC))[1] AS code,
      (array_agg(occurred_at ORDER BY sequence DESC))[1] AS told_at,
      (array_agg(venue_order_id ORDER BY sequence DESC)
        FILTER (WHERE venue_order_id IS NOT NULL))[1] AS venue_order_id
    FROM line GROUP BY order_id
  )
  SELECT o.id AS order_id
  FROM "order" o LEFT JOIN history h ON h.order_id = o.id
  WHERE h.is_chain IS NOT TRUE
    OR ROW(o.version::bigint, o.executions::bigint, o.filled_quantity, o.filled_gross,
        o.filled_value, o.commission_fee, o.sec_fee, o.taf_fee, o.late_fill, o.status, o.code,
        o.updated_at, o.venue_order_id)
      IS DISTINCT FROM ROW(h.lines, h.executions, h.quantity, h.gross, h.value, h.commission,
        h.sec, h.taf, h.late, h.status, h.code, h.told_at, h.venue_order_id);

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON order_exception_resolution, account_plan, audit FROM orders;
  END IF;
END $$;
