-- CreateTable
CREATE TABLE "book_order" (
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
    "stop_price" DECIMAL(20,6),
    "triggered" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "filled_quantity" DECIMAL(28,9) NOT NULL DEFAULT 0,
    "filled_value" DECIMAL(38,15) NOT NULL DEFAULT 0,
    "executions" INTEGER NOT NULL DEFAULT 0,
    "reject_reason" TEXT,

    CONSTRAINT "book_order_pkey" PRIMARY KEY ("client_id")
);

-- CreateTable
CREATE TABLE "book_report" (
    "sequence" BIGSERIAL NOT NULL,
    "client_id" UUID NOT NULL,
    "venue_order_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "execution_id" TEXT,
    "quantity" DECIMAL(28,9),
    "price" DECIMAL(20,6),
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "book_report_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "halt" (
    "symbol" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "halt_pkey" PRIMARY KEY ("symbol")
);

-- The venue keeps its own promises: never past the quantity or the value, an end is an end.
ALTER TABLE book_order
  ADD CONSTRAINT book_order_status
    CHECK (status IN ('WORKING', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED')),
  ADD CONSTRAINT book_order_side CHECK (side IN ('BUY', 'SELL')),
  ADD CONSTRAINT book_order_size CHECK ((quantity IS NULL) <> (trade_value IS NULL)),
  ADD CONSTRAINT book_order_rejected CHECK ((status = 'REJECTED') = (reject_reason IS NOT NULL)),
  ADD CONSTRAINT book_order_filled
    CHECK (filled_quantity >= 0 AND (quantity IS NULL OR filled_quantity <= quantity)),
  ADD CONSTRAINT book_order_spent
    CHECK (filled_value >= 0 AND (trade_value IS NULL OR filled_value <= trade_value)),
  ADD CONSTRAINT book_order_dormant
    CHECK (executions = 0 OR stop_price IS NULL OR triggered);
CREATE INDEX book_order_due ON book_order (next_at) WHERE status = 'WORKING';

ALTER TABLE book_report
  ADD CONSTRAINT book_report_kind CHECK (kind IN ('EXECUTED', 'FILLED', 'CANCELED', 'EXPIRED')),
  ADD CONSTRAINT book_report_trade CHECK ((kind = 'EXECUTED')
    = (execution_id IS NOT NULL AND quantity IS NOT NULL AND price IS NOT NULL)),
  ADD CONSTRAINT book_report_positive CHECK (quantity > 0 AND price > 0);

-- What was told cannot be taken back, and an end is an end.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER book_report_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON book_report
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order % has ended as %', OLD.client_id, OLD.status
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER book_order_end_is_an_end BEFORE UPDATE OF status, filled_quantity, filled_value,
  executions ON book_order FOR EACH ROW WHEN (OLD.status <> 'WORKING')
  EXECUTE FUNCTION refuse_revival();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'venue') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON book_report FROM venue;
  END IF;
END $$;
