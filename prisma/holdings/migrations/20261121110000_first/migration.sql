-- CreateTable
CREATE TABLE "position" (
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "currency" TEXT NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "reserved" DECIMAL(28,9) NOT NULL,
    "cost" DECIMAL(20,4) NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "position_pkey" PRIMARY KEY ("account_id","asset_id")
);

-- CreateTable
CREATE TABLE "execution" (
    "order_id" UUID NOT NULL,
    "execution_id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "side" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "value" DECIMAL(20,4) NOT NULL,
    "fee" DECIMAL(20,4) NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "late" BOOLEAN NOT NULL,
    "executed_at" TIMESTAMPTZ(3) NOT NULL,
    "trade_date" DATE NOT NULL,
    "settlement_date" DATE NOT NULL,

    CONSTRAINT "execution_pkey" PRIMARY KEY ("order_id","execution_id")
);

-- CreateTable
CREATE TABLE "lot" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "execution_id" TEXT NOT NULL,
    "acquired_at" TIMESTAMPTZ(3) NOT NULL,
    "acquired_on" DATE NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "cost" DECIMAL(20,4) NOT NULL,
    "fee" DECIMAL(20,4) NOT NULL,
    "remaining" DECIMAL(28,9) NOT NULL,
    "remaining_cost" DECIMAL(20,4) NOT NULL,
    "remaining_fee" DECIMAL(20,4) NOT NULL,

    CONSTRAINT "lot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lot_match" (
    "id" UUID NOT NULL,
    "reverses" UUID,
    "lot_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "execution_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "cost" DECIMAL(20,4) NOT NULL,
    "buy_fee" DECIMAL(20,4) NOT NULL,
    "proceeds" DECIMAL(20,4) NOT NULL,
    "sale_fee" DECIMAL(20,4) NOT NULL,
    "gross_gain" DECIMAL(20,4) NOT NULL,
    "net_gain" DECIMAL(20,4) NOT NULL,
    "term" TEXT NOT NULL,
    "matched_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lot_match_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "order_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "consumed" DECIMAL(28,9) NOT NULL,
    "released" DECIMAL(28,9) NOT NULL,
    "state" TEXT NOT NULL,
    "awaited" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "missing_shares" (
    "order_id" UUID NOT NULL,
    "execution_id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "value" DECIMAL(20,4) NOT NULL,
    "fee" DECIMAL(20,4) NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "missing_shares_pkey" PRIMARY KEY ("order_id","execution_id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "owner_ids" UUID[],
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "asset" (
    "id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price" (
    "asset_id" UUID NOT NULL,
    "last" DECIMAL(20,6) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "price_pkey" PRIMARY KEY ("asset_id")
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
CREATE INDEX "execution_account_id_asset_id_side_executed_at_idx" ON "execution"("account_id", "asset_id", "side", "executed_at");

-- CreateIndex
CREATE INDEX "lot_account_id_asset_id_acquired_at_idx" ON "lot"("account_id", "asset_id", "acquired_at");

-- CreateIndex
CREATE UNIQUE INDEX "lot_order_id_execution_id_key" ON "lot"("order_id", "execution_id");

-- CreateIndex
CREATE UNIQUE INDEX "lot_match_reverses_key" ON "lot_match"("reverses");

-- CreateIndex
CREATE INDEX "lot_match_lot_id_idx" ON "lot_match"("lot_id");

-- CreateIndex
CREATE INDEX "lot_match_order_id_execution_id_idx" ON "lot_match"("order_id", "execution_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_number_key" ON "account"("number");

-- CreateIndex
CREATE INDEX "account_owner_ids_idx" ON "account" USING GIN ("owner_ids");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "parked_event_consumer_event_id_key" ON "parked_event"("consumer", "event_id");

-- AddForeignKey
ALTER TABLE "lot" ADD CONSTRAINT "lot_order_id_execution_id_fkey" FOREIGN KEY ("order_id", "execution_id") REFERENCES "execution"("order_id", "execution_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "lot_match" ADD CONSTRAINT "lot_match_lot_id_fkey" FOREIGN KEY ("lot_id") REFERENCES "lot"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "lot_match" ADD CONSTRAINT "lot_match_order_id_execution_id_fkey" FOREIGN KEY ("order_id", "execution_id") REFERENCES "execution"("order_id", "execution_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "lot_match" ADD CONSTRAINT "lot_match_reverses_fkey" FOREIGN KEY ("reverses") REFERENCES "lot_match"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- By hand from here on: what a Prisma schema cannot say.

CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate ON outbox_event (aggregate_id, position) WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
ALTER TABLE parked_event ADD CONSTRAINT parked_event_state CHECK (state IN ('WAITING', 'DEAD'));

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- Positions are never short, and shares set aside are never more than there are (domain §2.5 rule 3).
ALTER TABLE position
  ADD CONSTRAINT position_never_short CHECK (quantity - reserved >= 0),
  ADD CONSTRAINT position_reserved CHECK (reserved >= 0),
  ADD CONSTRAINT position_cost CHECK (cost >= 0),
  ADD CONSTRAINT position_version CHECK (version >= 0);

ALTER TABLE execution
  ADD CONSTRAINT execution_side CHECK (side IN ('BUY', 'SELL')),
  ADD CONSTRAINT execution_quantity CHECK (quantity > 0),
  ADD CONSTRAINT execution_money CHECK (value >= 0 AND fee >= 0),
  ADD CONSTRAINT execution_ordinal CHECK (ordinal > 0);

ALTER TABLE lot
  ADD CONSTRAINT lot_quantity CHECK (quantity > 0),
  ADD CONSTRAINT lot_remaining CHECK (remaining >= 0 AND remaining <= quantity),
  ADD CONSTRAINT lot_remaining_cost CHECK (remaining_cost >= 0 AND remaining_cost <= cost),
  ADD CONSTRAINT lot_remaining_fee CHECK (remaining_fee >= 0 AND remaining_fee <= fee),
  ADD CONSTRAINT lot_emptied CHECK (remaining > 0 OR (remaining_cost = 0 AND remaining_fee = 0));

ALTER TABLE lot_match
  ADD CONSTRAINT lot_match_method CHECK (method IN ('FIFO')),
  ADD CONSTRAINT lot_match_term CHECK (term IN ('SHORT', 'LONG')),
  ADD CONSTRAINT lot_match_sign CHECK (
    (reverses IS NULL AND quantity > 0 AND cost >= 0 AND buy_fee >= 0 AND proceeds >= 0 AND sale_fee >= 0)
    OR (reverses IS NOT NULL AND quantity < 0 AND cost <= 0 AND buy_fee <= 0 AND proceeds <= 0 AND sale_fee <= 0)),
  ADD CONSTRAINT lot_match_gain CHECK (gross_gain = proceeds - cost AND net_gain = gross_gain - buy_fee - sale_fee);

ALTER TABLE reservation
  ADD CONSTRAINT reservation_state CHECK (state IN ('RESERVED', 'REFUSED', 'ENDED')),
  ADD CONSTRAINT reservation_parts CHECK (quantity >= 0 AND consumed >= 0 AND released >= 0 AND consumed + released <= quantity),
  ADD CONSTRAINT reservation_ended CHECK (state <> 'ENDED' OR consumed + released = quantity),
  ADD CONSTRAINT reservation_awaited CHECK (awaited >= 0);

ALTER TABLE missing_shares
  ADD CONSTRAINT missing_shares_quantity CHECK (quantity > 0),
  ADD CONSTRAINT missing_shares_money CHECK (value >= 0 AND fee >= 0);

ALTER TABLE price ADD CONSTRAINT price_positive CHECK (last > 0);

CREATE INDEX lot_open ON lot (account_id, asset_id) WHERE remaining > 0;
CREATE INDEX reservation_open ON reservation (account_id, asset_id) WHERE state = 'RESERVED';

-- Quantity and cost of a position are the sums of its lots, its reserved shares the sum of its open
-- reservations (domain §2.5 rule 9). Asked at commit, of every table that can break it: a trigger on
-- one of them alone would let a later statement change another.
CREATE FUNCTION check_position(account uuid, asset uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held record;
  lots record;
  set_aside numeric;
BEGIN
  SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(cost), 0) AS cost, coalesce(sum(reserved), 0) AS reserved
    INTO held FROM position WHERE account_id = account AND asset_id = asset;
  SELECT coalesce(sum(remaining), 0) AS quantity, coalesce(sum(remaining_cost), 0) AS cost
    INTO lots FROM lot WHERE account_id = account AND asset_id = asset AND remaining > 0;
  SELECT coalesce(sum(quantity - consumed - released), 0)
    INTO set_aside FROM reservation WHERE account_id = account AND asset_id = asset AND state = 'RESERVED';
  IF held.quantity <> lots.quantity OR held.cost <> lots.cost THEN
    RAISE EXCEPTION 'position %/%: % shares at %, but its lots hold % at %', account, asset,
      held.quantity, held.cost, lots.quantity, lots.cost
      USING ERRCODE = 'check_violation', CONSTRAINT = 'position_equals_lots';
  END IF;
  IF held.reserved <> set_aside THEN
    RAISE EXCEPTION 'position %/%: % shares reserved, but its open reservations hold %', account, asset,
      held.reserved, set_aside
      USING ERRCODE = 'check_violation', CONSTRAINT = 'position_equals_reservations';
  END IF;
END $$;

CREATE FUNCTION check_position_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM check_position(OLD.account_id, OLD.asset_id); END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND (OLD.account_id, OLD.asset_id) <> (NEW.account_id, NEW.asset_id)) THEN
    PERFORM check_position(NEW.account_id, NEW.asset_id);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER position_equals_parts AFTER INSERT OR UPDATE OR DELETE ON position
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_position_of_row();
CREATE CONSTRAINT TRIGGER lot_equals_position AFTER INSERT OR UPDATE OR DELETE ON lot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_position_of_row();
CREATE CONSTRAINT TRIGGER reservation_equals_position AFTER INSERT OR UPDATE OR DELETE ON reservation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_position_of_row();

CREATE TRIGGER execution_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON execution FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_match_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lot_match FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER missing_shares_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON missing_shares FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- What was bought, when and for how much is a fact; only what is left of it changes. A split may
-- restate the number of shares, never their cost (domain §4.4).
CREATE FUNCTION refuse_other_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'lot % changes only in what is left of it', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER lot_purchase_stays BEFORE UPDATE ON lot FOR EACH ROW
  WHEN ((OLD.id, OLD.account_id, OLD.asset_id, OLD.order_id, OLD.execution_id, OLD.acquired_at, OLD.acquired_on, OLD.cost, OLD.fee)
        IS DISTINCT FROM
        (NEW.id, NEW.account_id, NEW.asset_id, NEW.order_id, NEW.execution_id, NEW.acquired_at, NEW.acquired_on, NEW.cost, NEW.fee))
  EXECUTE FUNCTION refuse_other_purchase();
-- A row trigger does not see TRUNCATE.
CREATE TRIGGER position_kept BEFORE TRUNCATE ON position FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_kept BEFORE DELETE OR TRUNCATE ON lot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reservation_kept BEFORE DELETE OR TRUNCATE ON reservation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'holdings') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON execution, lot_match, missing_shares FROM holdings;
    REVOKE DELETE, TRUNCATE ON lot, reservation FROM holdings;
    REVOKE TRUNCATE ON position FROM holdings;
  END IF;
END $$;
