-- AlterTable
ALTER TABLE "asset" ADD COLUMN "ticks" JSONB;

-- AlterTable
ALTER TABLE "order" ADD COLUMN "rebasings" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "order_event"
  ADD COLUMN "action_id" UUID,
  ADD COLUMN "ex_date" DATE,
  ADD COLUMN "numerator" INTEGER,
  ADD COLUMN "denominator" INTEGER,
  ADD COLUMN "goes_on" BOOLEAN,
  ADD COLUMN "order_quantity" DECIMAL(28,9),
  ADD COLUMN "quantity_before" DECIMAL(28,9),
  ADD COLUMN "limit_price_before" DECIMAL(20,6),
  ADD COLUMN "limit_price_after" DECIMAL(20,6),
  ADD COLUMN "stop_price_before" DECIMAL(20,6),
  ADD COLUMN "stop_price_after" DECIMAL(20,6),
  ADD COLUMN "venue_price_before" DECIMAL(20,6),
  ADD COLUMN "venue_price_after" DECIMAL(20,6);

-- CreateTable
CREATE TABLE "split" (
    "action_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "ex_date" DATE NOT NULL,
    "numerator" INTEGER NOT NULL,
    "denominator" INTEGER NOT NULL,
    "basis_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "split_pkey" PRIMARY KEY ("action_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "order_event_order_id_action_id_key" ON "order_event"("order_id", "action_id");

-- CreateIndex
CREATE INDEX "order_event_occurred_at_idx" ON "order_event" USING BRIN ("occurred_at");

-- What a split looks for: the orders of its asset that have not ended, and the splits to be done.
CREATE INDEX order_open_of_asset ON "order" (asset_id)
  WHERE status IN ('RESERVING', 'ACCEPTED', 'OPEN', 'PLACED', 'PARTIALLY_FILLED', 'CANCEL_PENDING');
CREATE INDEX split_to_do ON split (asset_id) WHERE done_at IS NULL;

ALTER TABLE asset ADD CONSTRAINT asset_ticks CHECK (jsonb_array_length(ticks) > 0);
ALTER TABLE split ADD CONSTRAINT split_ratio CHECK (numerator > 0 AND denominator > 0);

-- A split may leave parts of a share of an order that trades whole ones: that rest is canceled.
ALTER TABLE "order"
  DROP CONSTRAINT order_whole_units,
  ADD CONSTRAINT order_whole_units CHECK (time_in_force = 'DAY' OR rebasings > 0
    OR (quantity IS NOT NULL AND quantity = trunc(quantity))),
  ADD CONSTRAINT order_rebasings CHECK (rebasings >= 0);

ALTER TABLE order_exception
  DROP CONSTRAINT order_exception_reason,
  ADD CONSTRAINT order_exception_reason
    CHECK (reason IN ('ILLEGAL_TRANSITION', 'OVERFILL', 'CORPORATE_ACTION'));

-- A line that tells of a split tells all of it, and no other line does.
ALTER TABLE order_event
  ADD CONSTRAINT order_event_split CHECK ((event = 'REBASED') = (num_nonnulls(action_id, ex_date,
    numerator, denominator, goes_on, venue_price_before, venue_price_after) = 7)),
  ADD CONSTRAINT order_event_no_split CHECK ((event <> 'REBASED') = (num_nonnulls(action_id,
    ex_date, numerator, denominator, goes_on, quantity_before, limit_price_before,
    limit_price_after, stop_price_before, stop_price_after, venue_price_before,
    venue_price_after) = 0)),
  ADD CONSTRAINT order_event_split_ratio CHECK (numerator > 0 AND denominator > 0),
  ADD CONSTRAINT order_event_split_terms CHECK (event <> 'REBASED' OR (
    (quantity_before IS NULL) = (order_quantity IS NULL)
    AND (limit_price_before IS NULL) = (limit_price_after IS NULL)
    AND (stop_price_before IS NULL) = (stop_price_after IS NULL))),
  ADD CONSTRAINT order_event_order_quantity CHECK (order_quantity IS NULL
    OR (event IN ('REBASED', 'EXECUTED') AND order_quantity >= cumulative_quantity));

-- The new rows of the table of domain §3.1 (ADR 0013).
INSERT INTO order_transition (from_status, event, to_status)
  SELECT status, 'REBASED', status
  FROM unnest(ARRAY['RESERVING', 'ACCEPTED', 'OPEN', 'PLACED', 'PARTIALLY_FILLED',
    'CANCEL_PENDING', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED']) AS status
  UNION ALL SELECT status, 'REBASED', 'FILLED'
  FROM unnest(ARRAY['OPEN', 'PLACED', 'PARTIALLY_FILLED', 'CANCEL_PENDING', 'CANCELED',
    'EXPIRED']) AS status
  UNION ALL SELECT status, 'ENDED_BY_STAFF', 'CANCELED'
  FROM unnest(ARRAY['OPEN', 'PLACED', 'PARTIALLY_FILLED', 'CANCEL_PENDING']) AS status;

-- Of the terms of an order splits change the quantity and the prices; what a split has once changed
-- in quantity, an execution of before it changes again.
CREATE OR REPLACE FUNCTION keep_order_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW.id, NEW.customer_id, NEW.idempotency_key, NEW.request_hash, NEW.account_id,
      NEW.asset_id, NEW.currency, NEW.side, NEW.type, NEW.time_in_force, NEW.amount,
      NEW.trade_value, NEW.hold_amount, NEW.commission_plan, NEW.commission_date,
      NEW.strategy_order_id, NEW.expires_at, NEW.created_at)
    IS DISTINCT FROM ROW(OLD.id, OLD.customer_id, OLD.idempotency_key, OLD.request_hash,
      OLD.account_id, OLD.asset_id, OLD.currency, OLD.side, OLD.type, OLD.time_in_force, OLD.amount,
      OLD.trade_value, OLD.hold_amount, OLD.commission_plan, OLD.commission_date,
      OLD.strategy_order_id, OLD.expires_at, OLD.created_at)
    OR NEW.rebasings < OLD.rebasings
    OR (NEW.rebasings = OLD.rebasings
      AND ROW(NEW.limit_price, NEW.stop_price, NEW.venue_price)
        IS DISTINCT FROM ROW(OLD.limit_price, OLD.stop_price, OLD.venue_price))
    OR (NEW.rebasings = 0 AND NEW.quantity IS DISTINCT FROM OLD.quantity) THEN
    RAISE EXCEPTION 'order %: its terms never change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'order %: version % does not follow %', OLD.id, NEW.version, OLD.version
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- At commit quantity and prices are what the last line about them says. On both tables: a row that
-- changed without its line and a line without its row are equally wrong.
CREATE FUNCTION check_order_basis() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told uuid;
BEGIN
  IF TG_TABLE_NAME = 'order' THEN told := NEW.id; ELSE told := NEW.order_id; END IF;
  IF NOT EXISTS (
    SELECT FROM "order" o
    CROSS JOIN LATERAL (
      SELECT limit_price_after, stop_price_after, venue_price_after,
        count(*) OVER () AS rebasings
      FROM order_event WHERE order_id = o.id AND action_id IS NOT NULL
      ORDER BY sequence DESC LIMIT 1
    ) AS priced
    LEFT JOIN LATERAL (
      SELECT order_quantity FROM order_event
      WHERE order_id = o.id AND order_quantity IS NOT NULL
      ORDER BY sequence DESC LIMIT 1
    ) AS sized ON true
    WHERE o.id = told AND o.rebasings = priced.rebasings
      AND o.quantity IS NOT DISTINCT FROM sized.order_quantity
      AND ROW(o.limit_price, o.stop_price, o.venue_price) IS NOT DISTINCT FROM
        ROW(priced.limit_price_after, priced.stop_price_after, priced.venue_price_after)
  ) THEN
    RAISE EXCEPTION 'order %: quantity or prices differ from its history', told
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER order_basis_by_history AFTER UPDATE ON "order"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (ROW(OLD.quantity, OLD.limit_price, OLD.stop_price, OLD.venue_price, OLD.rebasings)
    IS DISTINCT FROM
    ROW(NEW.quantity, NEW.limit_price, NEW.stop_price, NEW.venue_price, NEW.rebasings))
  EXECUTE FUNCTION check_order_basis();
CREATE CONSTRAINT TRIGGER order_event_tells_basis AFTER INSERT ON order_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.action_id IS NOT NULL OR NEW.order_quantity IS NOT NULL)
  EXECUTE FUNCTION check_order_basis();

-- A split is a fact; only that its orders are done is told later, once.
CREATE FUNCTION keep_split() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.done_at IS NOT NULL OR to_jsonb(NEW) - 'done_at' <> to_jsonb(OLD) - 'done_at' THEN
    RAISE EXCEPTION 'split %: it never changes', OLD.action_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER split_is_a_fact BEFORE UPDATE ON split
  FOR EACH ROW EXECUTE FUNCTION keep_split();
CREATE TRIGGER split_stays BEFORE DELETE OR TRUNCATE ON split
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The replay in SQL, with splits.
DROP VIEW order_differs_from_history;
CREATE VIEW order_differs_from_history AS
  WITH line AS (
    SELECT e.*,
      lag(to_status, 1, 'NONE') OVER told AS left_at,
      row_number() OVER told AS place,
      count(execution_id) OVER told AS executions_so_far,
      coalesce(sum(quantity) OVER told, 0) AS filled_so_far,
      lag(venue_price_after) OVER sized AS priced_at
    FROM order_event e WINDOW told AS (PARTITION BY order_id ORDER BY sequence),
      sized AS (PARTITION BY order_id, action_id IS NOT NULL ORDER BY sequence)
  ), history AS (
    SELECT order_id, count(*) AS lines, count(execution_id) AS executions,
      coalesce(sum(quantity), 0) AS quantity, coalesce(sum(quantity * price), 0) AS gross,
      coalesce(sum(value), 0) AS value, coalesce(sum(commission_fee), 0) AS commission,
      coalesce(sum(sec_fee), 0) AS sec, coalesce(sum(taf_fee), 0) AS taf,
      coalesce(bool_or(late), false)
        OR coalesce(bool_or(ended_executions < executions_so_far), false) AS late,
      bool_and(place = sequence AND left_at = from_status
        AND cumulative_quantity = filled_so_far
        -- A split starts from the prices that the one before it left.
        AND (action_id IS NULL OR coalesce(priced_at, venue_price_before) = venue_price_before)
      ) AS is_chain,
      count(action_id) AS rebasings,
      (array_agg(order_quantity ORDER BY sequence DESC)
        FILTER (WHERE order_quantity IS NOT NULL))[1] AS order_quantity,
      (array_agg(ARRAY[limit_price_after, stop_price_after, venue_price_after]
        ORDER BY sequence DESC) FILTER (WHERE action_id IS NOT NULL)) AS prices,
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
        o.updated_at, o.venue_order_id, o.rebasings::bigint)
      IS DISTINCT FROM ROW(h.lines, h.executions, h.quantity, h.gross, h.value, h.commission,
        h.sec, h.taf, h.late, h.status, h.code, h.told_at, h.venue_order_id, h.rebasings)
    OR o.quantity IS DISTINCT FROM coalesce(h.order_quantity, o.quantity)
    OR (h.rebasings > 0 AND ARRAY[o.limit_price, o.stop_price, o.venue_price]
      IS DISTINCT FROM ARRAY[h.prices[1][1], h.prices[1][2], h.prices[1][3]]);

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders') THEN
    REVOKE DELETE, TRUNCATE ON split FROM orders;
  END IF;
END $$;
