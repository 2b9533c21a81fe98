-- CreateTable
CREATE TABLE "strategy" (
    "id" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "current_version" INTEGER NOT NULL,
    "event_version" INTEGER NOT NULL DEFAULT 1,
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "strategy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "strategy_version" (
    "strategy_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "published_by_id" UUID NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "strategy_version_pkey" PRIMARY KEY ("strategy_id","version")
);

-- CreateTable
CREATE TABLE "strategy_slice" (
    "strategy_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "asset_id" UUID,
    "percentage" DECIMAL(18,12) NOT NULL,

    CONSTRAINT "strategy_slice_pkey" PRIMARY KEY ("strategy_id","version","position")
);

-- CreateTable
CREATE TABLE "strategy_order" (
    "id" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "strategy_id" UUID NOT NULL,
    "strategy_version" INTEGER,
    "account_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" TEXT NOT NULL,
    "cash_amount" DECIMAL(20,4),
    "payment_id" UUID,
    "status" TEXT NOT NULL,
    "event_version" INTEGER NOT NULL DEFAULT 0,
    "idempotency_key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "strategy_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "strategy_order_part" (
    "strategy_order_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "percentage" DECIMAL(18,12) NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "status" TEXT NOT NULL,
    "skip_reason" TEXT,
    "code" TEXT,
    "order_id" UUID,
    "order_status" TEXT,
    "order_version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "strategy_order_part_pkey" PRIMARY KEY ("strategy_order_id","asset_id")
);

-- CreateTable
CREATE TABLE "command_key" (
    "owner_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "strategy_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "command_key_pkey" PRIMARY KEY ("owner_id","key")
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
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
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
CREATE UNIQUE INDEX "strategy_number_key" ON "strategy"("number");

-- CreateIndex
CREATE UNIQUE INDEX "strategy_name_key_key" ON "strategy"("name_key");

-- CreateIndex
CREATE UNIQUE INDEX "strategy_order_number_key" ON "strategy_order"("number");

-- CreateIndex
CREATE INDEX "strategy_order_account_id_number_idx" ON "strategy_order"("account_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "strategy_order_customer_id_idempotency_key_key" ON "strategy_order"("customer_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "strategy_order_part_order_id_idx" ON "strategy_order_part"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_number_key" ON "account"("number");

-- CreateIndex
CREATE INDEX "asset_symbol_idx" ON "asset"("symbol");

-- CreateIndex
CREATE UNIQUE INDEX "payment_number_key" ON "payment"("number");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "parked_event_consumer_event_id_key" ON "parked_event"("consumer", "event_id");

-- AddForeignKey
ALTER TABLE "strategy_version" ADD CONSTRAINT "strategy_version_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategy_slice" ADD CONSTRAINT "strategy_slice_strategy_id_version_fkey" FOREIGN KEY ("strategy_id", "version") REFERENCES "strategy_version"("strategy_id", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategy_order" ADD CONSTRAINT "strategy_order_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategy_order_part" ADD CONSTRAINT "strategy_order_part_strategy_order_id_fkey" FOREIGN KEY ("strategy_order_id") REFERENCES "strategy_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Messaging: what is not sent yet, and what waits to be tried again.
CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate
  ON outbox_event (aggregate_id, position) WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
ALTER TABLE parked_event ADD CONSTRAINT parked_event_state CHECK (state IN ('WAITING', 'DEAD'));

-- Strategies and their versions (domain 2.5 rule 10).
ALTER TABLE strategy
  ADD CONSTRAINT strategy_state CHECK (state IN ('ACTIVE', 'ARCHIVED')),
  ADD CONSTRAINT strategy_name CHECK (length(name) BETWEEN 1 AND 100);
ALTER TABLE strategy_version ADD CONSTRAINT strategy_version_counts CHECK (version > 0);
ALTER TABLE strategy_slice ADD CONSTRAINT strategy_slice_percentage
  CHECK (percentage > 0 AND percentage <= 100 AND percentage = round(percentage, 2));
-- At most one row per asset; cash, which has no asset id, counts as an asset too.
CREATE UNIQUE INDEX strategy_slice_asset ON strategy_slice
  (strategy_id, version, coalesce(asset_id, '00000000-0000-0000-0000-000000000000'::uuid));

-- On both tables: a version needs slices, and a later slice must not break an old version.
CREATE FUNCTION check_strategy_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total NUMERIC;
  slices BIGINT;
BEGIN
  SELECT coalesce(sum(percentage), 0), count(*) INTO total, slices FROM strategy_slice
    WHERE strategy_id = NEW.strategy_id AND version = NEW.version;
  IF total <> 100 OR slices NOT BETWEEN 1 AND 100 THEN
    RAISE EXCEPTION 'strategy % version % has % slices that sum to %',
      NEW.strategy_id, NEW.version, slices, total USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER strategy_version_sum AFTER INSERT ON strategy_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_strategy_version();
CREATE CONSTRAINT TRIGGER strategy_slice_sum AFTER INSERT ON strategy_slice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_strategy_version();

-- Strategy orders. A payment funds one strategy order that lives or has invested it.
ALTER TABLE strategy_order
  ADD CONSTRAINT strategy_order_status CHECK (status IN ('WAITING_FOR_PAYMENT', 'PLACING',
    'IN_PROGRESS', 'COMPLETED', 'COMPLETED_ADJUSTED', 'FAILED', 'CANCELED')),
  ADD CONSTRAINT strategy_order_amount CHECK (amount > 0),
  ADD CONSTRAINT strategy_order_placed CHECK (
    (status IN ('WAITING_FOR_PAYMENT', 'FAILED', 'CANCELED'))
      = (strategy_version IS NULL AND cash_amount IS NULL));
CREATE UNIQUE INDEX strategy_order_payment ON strategy_order (payment_id)
  WHERE payment_id IS NOT NULL AND status NOT IN ('FAILED', 'CANCELED');
CREATE INDEX strategy_order_waiting ON strategy_order (expires_at)
  WHERE status = 'WAITING_FOR_PAYMENT';
ALTER TABLE strategy_order_part
  ADD CONSTRAINT strategy_order_part_status
    CHECK (status IN ('REQUESTED', 'ORDERED', 'COMPLETED', 'SKIPPED')),
  ADD CONSTRAINT strategy_order_part_skipped CHECK ((status = 'SKIPPED') = (skip_reason IS NOT NULL)),
  ADD CONSTRAINT strategy_order_part_amount CHECK (amount >= 0);

-- Parts, skipped ones included, and cash make the amount (domain law 7).
CREATE FUNCTION check_strategy_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked strategy_order%ROWTYPE;
  parts NUMERIC;
  wanted UUID := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
  SELECT * INTO asked FROM strategy_order WHERE id = wanted;
  SELECT coalesce(sum(amount), 0) INTO parts FROM strategy_order_part
    WHERE strategy_order_id = wanted;
  IF asked.cash_amount IS NOT NULL AND asked.cash_amount + parts <> asked.amount THEN
    RAISE EXCEPTION 'strategy order % has parts of % and cash of %, not %',
      wanted, parts, asked.cash_amount, asked.amount USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER strategy_order_sum AFTER INSERT OR UPDATE OF amount, cash_amount
  ON strategy_order DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_strategy_order('id');
CREATE CONSTRAINT TRIGGER strategy_order_part_sum AFTER INSERT OR UPDATE OF amount
  ON strategy_order_part DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_strategy_order('strategy_order_id');

-- Append-only tables refuse change by trigger, and the service role has no grant for it.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER strategy_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON strategy_version
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER strategy_slice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON strategy_slice
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'strategies') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON strategy_version, strategy_slice FROM strategies;
  END IF;
END $$;
