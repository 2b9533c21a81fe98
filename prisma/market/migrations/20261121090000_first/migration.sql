-- CreateTable
CREATE TABLE "instrument" (
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "quote_sequence" BIGINT NOT NULL DEFAULT 0,
    "quoted_at" TIMESTAMPTZ(3),

    CONSTRAINT "instrument_pkey" PRIMARY KEY ("asset_id")
);

-- CreateTable
CREATE TABLE "venue_order" (
    "order_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "outcome" TEXT,
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "time_in_force" TEXT NOT NULL,
    "quantity" DECIMAL(28,9),
    "trade_value" DECIMAL(20,4),
    "limit_price" DECIMAL(20,6) NOT NULL,
    "currency" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "venue_order_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "cancel_state" TEXT,
    "executions" INTEGER NOT NULL DEFAULT 0,
    "event_version" INTEGER NOT NULL DEFAULT 0,
    "correlation_id" TEXT NOT NULL,
    "causation_id" TEXT,
    "traceparent" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "venue_order_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "early_cancel" (
    "order_id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "early_cancel_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "execution" (
    "venue" TEXT NOT NULL,
    "execution_id" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "price" DECIMAL(20,6) NOT NULL,
    "executed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "execution_pkey" PRIMARY KEY ("venue","execution_id")
);

-- CreateTable
CREATE TABLE "venue_stream" (
    "venue" TEXT NOT NULL,
    "resume_point" TEXT NOT NULL,

    CONSTRAINT "venue_stream_pkey" PRIMARY KEY ("venue")
);

-- CreateTable
CREATE TABLE "simulated_order" (
    "client_id" UUID NOT NULL,
    "venue_order_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "time_in_force" TEXT NOT NULL,
    "quantity" DECIMAL(28,9),
    "trade_value" DECIMAL(20,4),
    "limit_price" DECIMAL(20,6) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "filled_quantity" DECIMAL(28,9) NOT NULL DEFAULT 0,
    "filled_value" DECIMAL(38,15) NOT NULL DEFAULT 0,
    "executions" INTEGER NOT NULL DEFAULT 0,
    "reject_reason" TEXT,

    CONSTRAINT "simulated_order_pkey" PRIMARY KEY ("client_id")
);

-- CreateTable
CREATE TABLE "simulated_report" (
    "sequence" BIGSERIAL NOT NULL,
    "client_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "execution_id" TEXT,
    "quantity" DECIMAL(28,9),
    "price" DECIMAL(20,6),
    "executions" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "simulated_report_pkey" PRIMARY KEY ("sequence")
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
CREATE INDEX "instrument_quoted_at_asset_id_idx" ON "instrument"("quoted_at", "asset_id");

-- CreateIndex
CREATE INDEX "execution_order_id_idx" ON "execution"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "parked_event_consumer_event_id_key" ON "parked_event"("consumer", "event_id");

-- Messaging: what is not sent yet, and what waits to be tried again.
CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate
  ON outbox_event (aggregate_id, position) WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
ALTER TABLE parked_event ADD CONSTRAINT parked_event_state CHECK (state IN ('WAITING', 'DEAD'));

-- Venue orders.
ALTER TABLE venue_order
  ADD CONSTRAINT venue_order_state CHECK (state IN ('INTENT', 'SENT', 'ACKNOWLEDGED', 'DONE')),
  ADD CONSTRAINT venue_order_outcome
    CHECK (outcome IN ('FILLED', 'CANCELED', 'EXPIRED', 'FAILED')),
  ADD CONSTRAINT venue_order_ended CHECK ((state = 'DONE') = (outcome IS NOT NULL)),
  ADD CONSTRAINT venue_order_cancel_state CHECK (cancel_state IN ('ASKED', 'ACCEPTED', 'REFUSED')),
  ADD CONSTRAINT venue_order_side CHECK (side IN ('BUY', 'SELL')),
  ADD CONSTRAINT venue_order_size CHECK ((quantity IS NULL) <> (trade_value IS NULL)),
  ADD CONSTRAINT venue_order_positive
    CHECK (coalesce(quantity, trade_value) > 0 AND limit_price > 0);
CREATE INDEX venue_order_due ON venue_order (next_attempt_at) WHERE state IN ('INTENT', 'SENT');
-- Without the state it would gather every order that ended before its cancel was answered.
CREATE INDEX venue_order_cancel ON venue_order (next_attempt_at)
  WHERE cancel_state = 'ASKED' AND state = 'ACKNOWLEDGED';
ALTER TABLE execution ADD CONSTRAINT execution_positive CHECK (quantity > 0 AND price > 0);

-- The simulated venue keeps its own promises: never past the quantity, an end is an end.
ALTER TABLE simulated_order
  ADD CONSTRAINT simulated_order_status
    CHECK (status IN ('WORKING', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED')),
  ADD CONSTRAINT simulated_order_size CHECK ((quantity IS NULL) <> (trade_value IS NULL)),
  ADD CONSTRAINT simulated_order_filled
    CHECK (filled_quantity >= 0 AND (quantity IS NULL OR filled_quantity <= quantity)),
  ADD CONSTRAINT simulated_order_spent
    CHECK (filled_value >= 0 AND (trade_value IS NULL OR filled_value <= trade_value));
CREATE INDEX simulated_order_due ON simulated_order (next_at) WHERE status = 'WORKING';
ALTER TABLE simulated_report ADD CONSTRAINT simulated_report_kind
  CHECK (kind IN ('EXECUTED', 'FILLED', 'CANCELED', 'EXPIRED'));

-- Append-only tables refuse change by trigger, and the service role has no grant for it.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER execution_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON execution
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER simulated_report_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON simulated_report
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'market') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON execution, simulated_report FROM market;
  END IF;
END $$;
