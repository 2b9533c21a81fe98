-- CreateTable
CREATE TABLE "rebalance_run" (
    "id" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "strategy_id" UUID NOT NULL,
    "strategy_version" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "sell_outside" BOOLEAN NOT NULL,
    "amount" DECIMAL(20,4),
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "reason" TEXT,
    "proceeds" DECIMAL(20,4),
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "event_version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "rebalance_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rebalance_item" (
    "run_id" UUID NOT NULL,
    "side" TEXT NOT NULL,
    "asset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "percentage" DECIMAL(18,12) NOT NULL,
    "value" DECIMAL(20,4) NOT NULL,
    "price" DECIMAL(20,6),
    "wanted" DECIMAL(20,4) NOT NULL,
    "amount" DECIMAL(20,4),
    "quantity" DECIMAL(28,9),
    "status" TEXT NOT NULL,
    "skip_reason" TEXT,
    "code" TEXT,
    "order_id" UUID,
    "order_status" TEXT,
    "order_version" INTEGER NOT NULL DEFAULT 0,
    "filled_quantity" DECIMAL(28,9) NOT NULL DEFAULT 0,
    "filled_value" DECIMAL(20,4) NOT NULL DEFAULT 0,
    "fees" DECIMAL(20,4) NOT NULL DEFAULT 0,

    CONSTRAINT "rebalance_item_pkey" PRIMARY KEY ("run_id","side","asset_id")
);

-- CreateTable
CREATE TABLE "rebalance_transition" (
    "from_status" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,

    CONSTRAINT "rebalance_transition_pkey" PRIMARY KEY ("from_status","event")
);

-- CreateTable
CREATE TABLE "position" (
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "reserved" DECIMAL(28,9) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "position_pkey" PRIMARY KEY ("account_id","asset_id")
);

-- CreateTable
CREATE TABLE "price" (
    "asset_id" UUID NOT NULL,
    "last" DECIMAL(20,6) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "price_pkey" PRIMARY KEY ("asset_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "rebalance_run_number_key" ON "rebalance_run"("number");

-- CreateIndex
CREATE INDEX "rebalance_run_account_id_number_idx" ON "rebalance_run"("account_id", "number");

-- CreateIndex
CREATE INDEX "rebalance_item_order_id_idx" ON "rebalance_item"("order_id");

-- AddForeignKey
ALTER TABLE "rebalance_run" ADD CONSTRAINT "rebalance_run_strategy_id_strategy_version_fkey" FOREIGN KEY ("strategy_id", "strategy_version") REFERENCES "strategy_version"("strategy_id", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rebalance_item" ADD CONSTRAINT "rebalance_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "rebalance_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The states of a run (domain 6.4), the same rows as rebalancing/domain/transitions.ts.
INSERT INTO rebalance_transition (from_status, event, to_status) VALUES
  ('NONE', 'RECORD', 'QUEUED'),
  ('QUEUED', 'SELL', 'SELLING'),
  ('QUEUED', 'BUY', 'BUYING'),
  ('QUEUED', 'CANCEL', 'CANCELED'),
  ('QUEUED', 'FAIL', 'FAILED'),
  ('QUEUED', 'TIME_OUT', 'TIMED_OUT'),
  ('SELLING', 'BUY', 'BUYING'),
  ('SELLING', 'CANCEL', 'CANCELED_MID_RUN'),
  ('SELLING', 'FAIL', 'FAILED'),
  ('SELLING', 'TIME_OUT', 'TIMED_OUT'),
  ('BUYING', 'COMPLETE', 'COMPLETED'),
  ('BUYING', 'ADJUST', 'COMPLETED_ADJUSTED'),
  ('BUYING', 'CANCEL', 'CANCELED_MID_RUN'),
  ('BUYING', 'FAIL', 'FAILED'),
  ('BUYING', 'TIME_OUT', 'TIMED_OUT');

-- One open run per account: two that sell at once would sell the same shares twice.
CREATE UNIQUE INDEX rebalance_run_open ON rebalance_run (account_id)
  WHERE status IN ('QUEUED', 'SELLING', 'BUYING');
CREATE INDEX rebalance_run_due ON rebalance_run (deadline)
  WHERE status IN ('QUEUED', 'SELLING', 'BUYING');

ALTER TABLE rebalance_run
  ADD CONSTRAINT rebalance_run_mode CHECK (mode IN ('FULL', 'BUY_ONLY', 'CASH_FLOW')),
  ADD CONSTRAINT rebalance_run_amount CHECK (CASE mode
    WHEN 'FULL' THEN amount IS NULL OR amount > 0
    WHEN 'BUY_ONLY' THEN amount IS NOT NULL AND amount > 0
    ELSE amount IS NOT NULL AND amount <> 0 END),
  ADD CONSTRAINT rebalance_run_sells_outside CHECK (NOT sell_outside OR mode = 'FULL'),
  ADD CONSTRAINT rebalance_run_ended CHECK (
    (ended_at IS NULL) = (status IN ('QUEUED', 'SELLING', 'BUYING'))),
  ADD CONSTRAINT rebalance_run_reason CHECK (
    (reason IS NOT NULL) = (status IN ('FAILED', 'TIMED_OUT'))),
  ADD CONSTRAINT rebalance_run_proceeds CHECK (proceeds >= 0
    AND (proceeds IS NOT NULL OR status NOT IN ('BUYING', 'COMPLETED', 'COMPLETED_ADJUSTED'))
    AND (proceeds IS NULL OR status NOT IN ('QUEUED', 'SELLING', 'CANCELED')));

CREATE FUNCTION check_rebalance_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  left_at text := 'NONE';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF ROW(NEW.id, NEW.number, NEW.account_id, NEW.customer_id, NEW.strategy_id,
        NEW.strategy_version, NEW.mode, NEW.sell_outside, NEW.amount, NEW.currency, NEW.created_at)
      IS DISTINCT FROM ROW(OLD.id, OLD.number, OLD.account_id, OLD.customer_id, OLD.strategy_id,
        OLD.strategy_version, OLD.mode, OLD.sell_outside, OLD.amount, OLD.currency, OLD.created_at)
    THEN
      RAISE EXCEPTION 'rebalancing %: its terms never change', OLD.id
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.proceeds IS NOT NULL AND NEW.proceeds IS DISTINCT FROM OLD.proceeds THEN
      RAISE EXCEPTION 'rebalancing %: its purchases were cut from %', OLD.id, OLD.proceeds
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status = OLD.status THEN RETURN NEW; END IF;
    left_at := OLD.status;
  END IF;
  IF NOT EXISTS (
    SELECT FROM rebalance_transition
    WHERE from_status = left_at AND event = NEW.changed_by AND to_status = NEW.status
  ) THEN
    RAISE EXCEPTION 'rebalancing %: no transition from % by % to %',
      NEW.id, left_at, NEW.changed_by, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rebalance_run_legal BEFORE INSERT OR UPDATE ON rebalance_run
  FOR EACH ROW EXECUTE FUNCTION check_rebalance_run();

ALTER TABLE rebalance_item
  ADD CONSTRAINT rebalance_item_side CHECK (side IN ('SELL', 'BUY')),
  ADD CONSTRAINT rebalance_item_status
    CHECK (status IN ('PLANNED', 'REQUESTED', 'ORDERED', 'COMPLETED', 'SKIPPED')),
  ADD CONSTRAINT rebalance_item_skipped CHECK ((status = 'SKIPPED') = (skip_reason IS NOT NULL)),
  ADD CONSTRAINT rebalance_item_ordered
    CHECK (order_id IS NOT NULL OR status NOT IN ('ORDERED', 'COMPLETED')),
  ADD CONSTRAINT rebalance_item_wanted CHECK (wanted > 0 AND value >= 0 AND price > 0),
  ADD CONSTRAINT rebalance_item_quantity CHECK (CASE side
    WHEN 'SELL' THEN amount IS NULL
      AND (quantity IS NOT NULL AND quantity > 0 OR quantity IS NULL AND status = 'SKIPPED')
    ELSE quantity IS NULL END),
  ADD CONSTRAINT rebalance_item_amount CHECK (CASE side
    WHEN 'BUY' THEN amount IS NULL AND status IN ('PLANNED', 'SKIPPED')
      OR amount IS NOT NULL AND amount BETWEEN 0 AND wanted
    ELSE status <> 'PLANNED' END),
  ADD CONSTRAINT rebalance_item_filled
    CHECK (filled_quantity >= 0 AND filled_value >= 0 AND fees >= 0);

-- What an item can become. A refusal that an execution contradicts gives way to it.
CREATE FUNCTION check_rebalance_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked rebalance_run%ROWTYPE;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO asked FROM rebalance_run WHERE id = NEW.run_id;
    IF NEW.side = 'SELL' AND (asked.mode = 'BUY_ONLY' OR asked.mode = 'CASH_FLOW' AND asked.amount > 0)
      OR NEW.side = 'BUY' AND asked.mode = 'CASH_FLOW' AND asked.amount < 0 THEN
      RAISE EXCEPTION 'rebalancing %: a run of % % makes no %',
        NEW.run_id, asked.mode, asked.amount, NEW.side USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF ROW(NEW.run_id, NEW.side, NEW.asset_id, NEW.position, NEW.percentage, NEW.value, NEW.price,
      NEW.wanted, NEW.quantity)
    IS DISTINCT FROM ROW(OLD.run_id, OLD.side, OLD.asset_id, OLD.position, OLD.percentage,
      OLD.value, OLD.price, OLD.wanted, OLD.quantity)
    OR OLD.amount IS NOT NULL AND NEW.amount IS DISTINCT FROM OLD.amount THEN
    RAISE EXCEPTION 'rebalancing %: what was asked of % never changes', OLD.run_id, OLD.asset_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND NOT (
    OLD.status = 'PLANNED' AND NEW.status IN ('REQUESTED', 'SKIPPED')
    OR OLD.status = 'REQUESTED' AND NEW.status IN ('ORDERED', 'COMPLETED', 'SKIPPED')
    OR OLD.status = 'ORDERED' AND NEW.status IN ('COMPLETED', 'SKIPPED')
    OR OLD.status = 'SKIPPED' AND NEW.status = 'COMPLETED'
      AND OLD.skip_reason IN ('ORDER_REFUSED', 'TOO_SMALL_FOR_ONE_SHARE')) THEN
    RAISE EXCEPTION 'rebalancing %: the item of % does not go from % to %',
      OLD.run_id, OLD.asset_id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rebalance_item_legal BEFORE INSERT OR UPDATE ON rebalance_item
  FOR EACH ROW EXECUTE FUNCTION check_rebalance_item();

-- Purchases never need more than the sales brought and the customer put in.
CREATE FUNCTION check_rebalance_funds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked rebalance_run%ROWTYPE;
  cut NUMERIC;
  wanted_run UUID := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
  SELECT * INTO asked FROM rebalance_run WHERE id = wanted_run;
  SELECT coalesce(sum(amount), 0) INTO cut FROM rebalance_item WHERE run_id = wanted_run;
  IF cut > coalesce(asked.proceeds, 0) + greatest(coalesce(asked.amount, 0), 0) THEN
    RAISE EXCEPTION 'rebalancing %: purchases of % from proceeds of % and an amount of %',
      wanted_run, cut, asked.proceeds, asked.amount USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rebalance_item_funds AFTER INSERT OR UPDATE OF amount ON rebalance_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_rebalance_funds('run_id');
CREATE CONSTRAINT TRIGGER rebalance_run_funds AFTER UPDATE OF proceeds ON rebalance_run
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_rebalance_funds('id');

ALTER TABLE position
  ADD CONSTRAINT position_reserved CHECK (reserved >= 0 AND quantity - reserved >= 0);

CREATE TRIGGER rebalance_run_stays BEFORE DELETE OR TRUNCATE ON rebalance_run
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rebalance_item_stays BEFORE DELETE OR TRUNCATE ON rebalance_item
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rebalance_transition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON rebalance_transition FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'strategies') THEN
    REVOKE DELETE, TRUNCATE ON rebalance_run, rebalance_item FROM strategies;
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON rebalance_transition FROM strategies;
  END IF;
END $$;
