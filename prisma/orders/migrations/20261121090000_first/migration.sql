-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "order" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "asset_name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "time_in_force" TEXT NOT NULL,
    "quantity" DECIMAL(28,9),
    "amount" DECIMAL(20,4),
    "limit_price" DECIMAL(20,6),
    "venue_price" DECIMAL(20,6) NOT NULL,
    "trade_value" DECIMAL(20,4),
    "hold_amount" DECIMAL(20,4),
    "commission_plan" TEXT NOT NULL,
    "commission_date" DATE NOT NULL,
    "strategy_order_id" UUID,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "code" TEXT,
    "version" INTEGER NOT NULL,
    "venue_order_id" TEXT,
    "filled_quantity" DECIMAL(28,9) NOT NULL DEFAULT 0,
    "filled_gross" DECIMAL(38,15) NOT NULL DEFAULT 0,
    "filled_value" DECIMAL(20,4) NOT NULL DEFAULT 0,
    "commission_fee" DECIMAL(20,4) NOT NULL DEFAULT 0,
    "sec_fee" DECIMAL(20,4) NOT NULL DEFAULT 0,
    "taf_fee" DECIMAL(20,4) NOT NULL DEFAULT 0,
    "executions" INTEGER NOT NULL DEFAULT 0,
    "late_fill" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_event" (
    "order_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "from_status" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,
    "code" TEXT,
    "cumulative_quantity" DECIMAL(28,9) NOT NULL,
    "leaves_quantity" DECIMAL(28,9),
    "execution_id" TEXT,
    "quantity" DECIMAL(28,9),
    "price" DECIMAL(20,6),
    "value" DECIMAL(20,4),
    "commission_fee" DECIMAL(20,4),
    "sec_fee" DECIMAL(20,4),
    "taf_fee" DECIMAL(20,4),
    "executed_at" TIMESTAMPTZ(3),
    "trade_date" DATE,
    "settlement_date" DATE,
    "late" BOOLEAN,
    "venue_order_id" TEXT,
    "ended_executions" INTEGER,
    "actor_id" UUID,
    "cause_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_event_pkey" PRIMARY KEY ("order_id","sequence")
);

-- CreateTable
CREATE TABLE "order_transition" (
    "from_status" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,

    CONSTRAINT "order_transition_pkey" PRIMARY KEY ("from_status","event","to_status")
);

-- CreateTable
CREATE TABLE "order_process" (
    "order_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "deadline" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "correlation_id" TEXT NOT NULL,

    CONSTRAINT "order_process_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "waiting_message" (
    "position" BIGSERIAL NOT NULL,
    "order_id" UUID NOT NULL,
    "cause_id" TEXT NOT NULL,
    "message" JSONB NOT NULL,

    CONSTRAINT "waiting_message_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "order_request" (
    "customer_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_request_pkey" PRIMARY KEY ("customer_id","idempotency_key")
);

-- CreateTable
CREATE TABLE "order_exception" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "cause_id" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_exception_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "owner_ids" UUID[],
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "asset" (
    "id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "fractionable" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quote" (
    "asset_id" UUID NOT NULL,
    "bid" DECIMAL(20,6) NOT NULL,
    "ask" DECIMAL(20,6) NOT NULL,
    "last" DECIMAL(20,6) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quote_pkey" PRIMARY KEY ("asset_id")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "position" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "aggregate_version" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "inbox_event" (
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "handled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "parked_event" (
    "position" BIGSERIAL NOT NULL,
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT NOT NULL,
    "parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "parked_event_pkey" PRIMARY KEY ("position")
);

-- CreateIndex
CREATE INDEX "order_account_id_created_at_id_idx" ON "order"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "order_customer_id_idempotency_key_key" ON "order"("customer_id", "idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "order_event_order_id_execution_id_key" ON "order_event"("order_id", "execution_id");

-- CreateIndex
CREATE UNIQUE INDEX "waiting_message_cause_id_key" ON "waiting_message"("cause_id");

-- CreateIndex
CREATE INDEX "waiting_message_order_id_position_idx" ON "waiting_message"("order_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "order_exception_cause_id_key" ON "order_exception"("cause_id");

-- CreateIndex
CREATE INDEX "order_exception_order_id_idx" ON "order_exception"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_number_key" ON "account"("number");

-- CreateIndex
CREATE INDEX "asset_symbol_idx" ON "asset"("symbol");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "parked_event_consumer_event_id_key" ON "parked_event"("consumer", "event_id");

-- AddForeignKey
ALTER TABLE "order_event" ADD CONSTRAINT "order_event_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_process" ADD CONSTRAINT "order_process_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "waiting_message" ADD CONSTRAINT "waiting_message_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Messaging: what is not sent yet, and what waits to be tried again.
CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate
  ON outbox_event (aggregate_id, position) WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
ALTER TABLE parked_event ADD CONSTRAINT parked_event_state CHECK (state IN ('WAITING', 'DEAD'));

-- What the jobs look for.
CREATE INDEX order_accepted ON "order" (id) WHERE status = 'ACCEPTED';
CREATE INDEX order_expiring ON "order" (expires_at) WHERE status IN ('RESERVING', 'ACCEPTED');
CREATE INDEX order_process_deadline ON order_process (deadline, order_id)
  WHERE deadline IS NOT NULL;

-- Orders: either a quantity or an amount, never past it, and FILLED says exactly that.
ALTER TABLE "order"
  ADD CONSTRAINT order_status CHECK (status IN ('RESERVING', 'ACCEPTED', 'OPEN', 'PLACED',
    'PARTIALLY_FILLED', 'CANCEL_PENDING', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED')),
  ADD CONSTRAINT order_side CHECK (side IN ('BUY', 'SELL')),
  ADD CONSTRAINT order_type CHECK (type IN ('MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT')),
  ADD CONSTRAINT order_time_in_force CHECK (time_in_force IN ('DAY', 'GTC', 'IOC', 'FOK')),
  ADD CONSTRAINT order_size CHECK ((quantity IS NULL) <> (amount IS NULL)),
  ADD CONSTRAINT order_amount CHECK ((amount IS NULL) = (trade_value IS NULL)),
  ADD CONSTRAINT order_hold CHECK ((side = 'BUY') = (hold_amount IS NOT NULL)),
  ADD CONSTRAINT order_positive
    CHECK (coalesce(quantity, trade_value) > 0 AND venue_price > 0 AND hold_amount > 0),
  ADD CONSTRAINT order_within_quantity CHECK (filled_quantity >= 0 AND filled_quantity <= quantity),
  ADD CONSTRAINT order_within_amount CHECK (filled_gross >= 0 AND filled_gross <= trade_value),
  ADD CONSTRAINT order_filled CHECK ((status = 'FILLED') = (filled_quantity = quantity)),
  ADD CONSTRAINT order_executions CHECK ((executions > 0) = (filled_quantity > 0)),
  ADD CONSTRAINT order_key CHECK (idempotency_key ~ '^[ -~]{1,128}$');

ALTER TABLE order_event
  ADD CONSTRAINT order_event_first CHECK ((sequence = 1) = (from_status = 'NONE')),
  ADD CONSTRAINT order_event_execution CHECK (
    (event = 'EXECUTED') = (num_nonnulls(execution_id, quantity, price, value, commission_fee,
      sec_fee, taf_fee, executed_at, trade_date, settlement_date, late) = 11)),
  ADD CONSTRAINT order_event_no_execution CHECK (
    (event <> 'EXECUTED') = (num_nonnulls(execution_id, quantity, price, value, commission_fee,
      sec_fee, taf_fee, executed_at, trade_date, settlement_date, late) = 0)),
  ADD CONSTRAINT order_event_positive CHECK (quantity > 0 AND price > 0),
  ADD CONSTRAINT order_event_leaves CHECK (cumulative_quantity >= 0 AND leaves_quantity >= 0);

ALTER TABLE order_exception
  ADD CONSTRAINT order_exception_reason CHECK (reason IN ('ILLEGAL_TRANSITION', 'OVERFILL'));
ALTER TABLE account ADD CONSTRAINT account_owned
  CHECK (owner_ids IS NOT NULL AND cardinality(owner_ids) > 0);
ALTER TABLE quote ADD CONSTRAINT quote_not_negative CHECK (bid >= 0 AND ask >= 0 AND last >= 0);

-- The whole table of domain §3.1. Every pair that is missing is illegal.
INSERT INTO order_transition (from_status, event, to_status) VALUES
  ('NONE', 'CREATED', 'RESERVING'),
  ('RESERVING', 'RESERVED', 'OPEN'),
  ('RESERVING', 'RESERVED', 'ACCEPTED'),
  ('RESERVING', 'REFUSED', 'REJECTED'),
  ('RESERVING', 'CANCEL_ASKED', 'CANCELED'),
  ('RESERVING', 'TIME_ENDED', 'FAILED'),
  ('ACCEPTED', 'MARKET_OPENED', 'OPEN'),
  ('ACCEPTED', 'CANCEL_ASKED', 'CANCELED'),
  ('ACCEPTED', 'TIME_ENDED', 'EXPIRED'),
  ('OPEN', 'PLACED', 'PLACED'),
  ('OPEN', 'EXECUTED', 'PARTIALLY_FILLED'),
  ('OPEN', 'EXECUTED', 'FILLED'),
  ('OPEN', 'CANCEL_ASKED', 'CANCEL_PENDING'),
  ('OPEN', 'VENUE_CANCELED', 'CANCELED'),
  ('OPEN', 'VENUE_EXPIRED', 'EXPIRED'),
  ('OPEN', 'VENUE_FAILED', 'FAILED'),
  ('PLACED', 'EXECUTED', 'PARTIALLY_FILLED'),
  ('PLACED', 'EXECUTED', 'FILLED'),
  ('PLACED', 'CANCEL_ASKED', 'CANCEL_PENDING'),
  ('PLACED', 'VENUE_CANCELED', 'CANCELED'),
  ('PLACED', 'VENUE_EXPIRED', 'EXPIRED'),
  ('PLACED', 'VENUE_FAILED', 'FAILED'),
  ('PARTIALLY_FILLED', 'PLACED', 'PARTIALLY_FILLED'),
  ('PARTIALLY_FILLED', 'EXECUTED', 'PARTIALLY_FILLED'),
  ('PARTIALLY_FILLED', 'EXECUTED', 'FILLED'),
  ('PARTIALLY_FILLED', 'CANCEL_ASKED', 'CANCEL_PENDING'),
  ('PARTIALLY_FILLED', 'VENUE_CANCELED', 'CANCELED'),
  ('PARTIALLY_FILLED', 'VENUE_EXPIRED', 'EXPIRED'),
  ('PARTIALLY_FILLED', 'VENUE_FAILED', 'CANCELED'),
  ('CANCEL_PENDING', 'PLACED', 'CANCEL_PENDING'),
  ('CANCEL_PENDING', 'EXECUTED', 'CANCEL_PENDING'),
  ('CANCEL_PENDING', 'EXECUTED', 'FILLED'),
  ('CANCEL_PENDING', 'VENUE_CANCELED', 'CANCELED'),
  ('CANCEL_PENDING', 'CANCEL_REFUSED', 'OPEN'),
  ('CANCEL_PENDING', 'CANCEL_REFUSED', 'PLACED'),
  ('CANCEL_PENDING', 'CANCEL_REFUSED', 'PARTIALLY_FILLED'),
  ('CANCEL_PENDING', 'VENUE_EXPIRED', 'EXPIRED'),
  ('CANCEL_PENDING', 'VENUE_FAILED', 'FAILED'),
  ('CANCEL_PENDING', 'VENUE_FAILED', 'CANCELED'),
  ('CANCELED', 'EXECUTED', 'CANCELED'),
  ('CANCELED', 'EXECUTED', 'FILLED'),
  ('EXPIRED', 'EXECUTED', 'EXPIRED'),
  ('EXPIRED', 'EXECUTED', 'FILLED');
INSERT INTO order_transition (from_status, event, to_status)
  SELECT status, event, status
  FROM unnest(ARRAY['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED']) AS status,
    unnest(ARRAY['RESERVED', 'REFUSED', 'PLACED', 'VENUE_CANCELED', 'CANCEL_REFUSED',
      'VENUE_EXPIRED']) AS event;

-- An event must be legal where the one before it left the order.
CREATE FUNCTION check_order_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  left_at text;
BEGIN
  IF NOT EXISTS (
    SELECT FROM order_transition
    WHERE from_status = NEW.from_status AND event = NEW.event AND to_status = NEW.to_status
  ) THEN
    RAISE EXCEPTION 'order %: no transition from % by % to %',
      NEW.order_id, NEW.from_status, NEW.event, NEW.to_status USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.sequence > 1 THEN
    SELECT to_status INTO left_at FROM order_event
      WHERE order_id = NEW.order_id AND sequence = NEW.sequence - 1;
    IF left_at IS DISTINCT FROM NEW.from_status THEN
      RAISE EXCEPTION 'order %: event % starts from %, the one before it ended in %',
        NEW.order_id, NEW.sequence, NEW.from_status, coalesce(left_at, 'nothing')
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER order_event_legal BEFORE INSERT ON order_event
  FOR EACH ROW EXECUTE FUNCTION check_order_event();

-- At commit the row says what its last event says. On both tables: a row without its event and an
-- event without its row are equally wrong.
CREATE FUNCTION check_order_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told uuid;
BEGIN
  IF TG_TABLE_NAME = 'order' THEN told := NEW.id; ELSE told := NEW.order_id; END IF;
  IF NOT EXISTS (
    SELECT FROM "order" o
    JOIN order_event e ON e.order_id = o.id AND e.sequence = o.version
    WHERE o.id = told AND e.to_status = o.status AND e.cumulative_quantity = o.filled_quantity
      AND e.code IS NOT DISTINCT FROM o.code
      AND NOT EXISTS (
        SELECT FROM order_event later WHERE later.order_id = o.id AND later.sequence = o.version + 1)
  ) THEN
    RAISE EXCEPTION 'order %: the row differs from its history', told
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER order_equals_history AFTER INSERT OR UPDATE ON "order"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_history();
CREATE CONSTRAINT TRIGGER order_event_equals_row AFTER INSERT ON order_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_history();

-- The terms of an order never change, and an order never goes away.
CREATE FUNCTION keep_order_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW.id, NEW.customer_id, NEW.idempotency_key, NEW.request_hash, NEW.account_id,
      NEW.asset_id, NEW.currency, NEW.side, NEW.type, NEW.time_in_force, NEW.quantity, NEW.amount,
      NEW.limit_price, NEW.venue_price, NEW.trade_value, NEW.hold_amount, NEW.commission_plan,
      NEW.commission_date, NEW.strategy_order_id, NEW.expires_at, NEW.created_at)
    IS DISTINCT FROM ROW(OLD.id, OLD.customer_id, OLD.idempotency_key, OLD.request_hash,
      OLD.account_id, OLD.asset_id, OLD.currency, OLD.side, OLD.type, OLD.time_in_force,
      OLD.quantity, OLD.amount, OLD.limit_price, OLD.venue_price, OLD.trade_value, OLD.hold_amount,
      OLD.commission_plan, OLD.commission_date, OLD.strategy_order_id, OLD.expires_at,
      OLD.created_at) THEN
    RAISE EXCEPTION 'order %: its terms never change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'order %: version % does not follow %', OLD.id, NEW.version, OLD.version
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER order_keeps_terms BEFORE UPDATE ON "order"
  FOR EACH ROW EXECUTE FUNCTION keep_order_terms();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER order_stays BEFORE DELETE OR TRUNCATE ON "order"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_request_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_request
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_exception_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_exception
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_transition_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON order_transition
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON order_event, order_request, order_exception FROM orders;
    REVOKE DELETE, TRUNCATE ON "order" FROM orders;
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON order_transition FROM orders;
  END IF;
END $$;
