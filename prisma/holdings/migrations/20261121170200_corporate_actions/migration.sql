ALTER TABLE "lot" ADD COLUMN "split_change" DECIMAL(28,9) NOT NULL DEFAULT 0;

-- The release before writes reservations without their dates: no split applied to any of them.
ALTER TABLE "reservation"
  ADD COLUMN "asked" DECIMAL(28,9),
  ADD COLUMN "asked_on" DATE NOT NULL DEFAULT '0001-01-01'::date,
  ADD COLUMN "ended_on" DATE;

CREATE TABLE "corporate_action" (
    "id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ex_date" DATE NOT NULL,
    "rate" DECIMAL(18,12),
    "currency" TEXT,
    "pay_date" DATE,
    "numerator" INTEGER,
    "denominator" INTEGER,
    "correlation_id" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "corporate_action_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "position_action" (
    "action_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "quantity_after" DECIMAL(28,9),
    "amount" DECIMAL(20,4),
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "position_action_pkey" PRIMARY KEY ("action_id","account_id")
);

CREATE TABLE "lot_split" (
    "action_id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "quantity_before" DECIMAL(28,9) NOT NULL,
    "quantity_after" DECIMAL(28,9) NOT NULL,

    CONSTRAINT "lot_split_pkey" PRIMARY KEY ("action_id","lot_id")
);

CREATE INDEX "corporate_action_asset_id_ex_date_idx" ON "corporate_action"("asset_id", "ex_date");
CREATE INDEX "position_action_account_id_asset_id_idx" ON "position_action"("account_id", "asset_id");
CREATE INDEX "lot_split_lot_id_idx" ON "lot_split"("lot_id");

ALTER TABLE "position_action" ADD CONSTRAINT "position_action_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "corporate_action"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "lot_split" ADD CONSTRAINT "lot_split_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "corporate_action"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "lot_split" ADD CONSTRAINT "lot_split_lot_id_fkey" FOREIGN KEY ("lot_id") REFERENCES "lot"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- By hand from here on: what a Prisma schema cannot say.

-- Holders of an asset are asked for when one of its actions takes effect, page by page.
CREATE INDEX position_of_asset ON position (asset_id, account_id);

ALTER TABLE corporate_action
  ADD CONSTRAINT corporate_action_terms CHECK (CASE kind
    WHEN 'DIVIDEND' THEN rate > 0 AND currency IS NOT NULL AND pay_date >= ex_date
      AND numerator IS NULL AND denominator IS NULL
    WHEN 'SPLIT' THEN numerator > 0 AND denominator > 0
      AND rate IS NULL AND currency IS NULL AND pay_date IS NULL
    ELSE false END);
ALTER TABLE position_action
  ADD CONSTRAINT position_action_shares CHECK (quantity >= 0 AND quantity_after >= 0),
  ADD CONSTRAINT position_action_amount CHECK (amount >= 0),
  ADD CONSTRAINT position_action_kind CHECK ((quantity_after IS NULL) <> (amount IS NULL)),
  ADD CONSTRAINT position_action_version CHECK (version > 0);
ALTER TABLE lot_split
  ADD CONSTRAINT lot_split_shares CHECK (quantity_before >= 0 AND quantity_after >= 0);

-- A split restates shares, never what they cost (domain §4.4): the last part of a share may go, its
-- cost stays with its lot.
ALTER TABLE lot
  DROP CONSTRAINT lot_remaining,
  DROP CONSTRAINT lot_emptied,
  ADD CONSTRAINT lot_remaining CHECK (remaining >= 0 AND remaining <= quantity + split_change),
  ADD CONSTRAINT lot_emptied CHECK (
    remaining > 0 OR split_change < 0 OR (remaining_cost = 0 AND remaining_fee = 0));
ALTER TABLE reservation
  ADD CONSTRAINT reservation_asked CHECK (asked >= 0);

-- Shares after a split are the floor of what there was, in parts of 9 decimals, whoever writes them.
CREATE FUNCTION check_split() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  split record;
BEGIN
  SELECT * INTO split FROM corporate_action WHERE id = NEW.action_id;
  IF (split.kind = 'SPLIT') <> (NEW.quantity_after IS NOT NULL) THEN
    RAISE EXCEPTION 'action % is a %', NEW.action_id, split.kind
      USING ERRCODE = 'check_violation', CONSTRAINT = 'position_action_of_its_kind';
  END IF;
  IF split.kind = 'SPLIT'
     AND NEW.quantity_after <> div(NEW.quantity * 1000000000 * split.numerator, split.denominator) / 1000000000 THEN
    RAISE EXCEPTION 'split % of % shares is not %', NEW.action_id, NEW.quantity, NEW.quantity_after
      USING ERRCODE = 'check_violation', CONSTRAINT = 'position_action_is_floor';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER position_action_is_floor BEFORE INSERT OR UPDATE ON position_action
  FOR EACH ROW EXECUTE FUNCTION check_split();

-- What was told of a position is told again with a higher version, never with another one.
CREATE FUNCTION refuse_older_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'action % of account % changes by its next version', OLD.action_id, OLD.account_id
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER position_action_goes_on BEFORE UPDATE ON position_action FOR EACH ROW
  WHEN (NEW.version <> OLD.version + 1 OR (NEW.action_id, NEW.account_id, NEW.asset_id)
        IS DISTINCT FROM (OLD.action_id, OLD.account_id, OLD.asset_id))
  EXECUTE FUNCTION refuse_older_action();

CREATE TRIGGER corporate_action_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON corporate_action
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER position_action_kept BEFORE DELETE OR TRUNCATE ON position_action
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What splits did to a lot is what its rows say, at commit.
CREATE FUNCTION check_lot_split(lot_of uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT split_change FROM lot WHERE id = lot_of) IS DISTINCT FROM
     (SELECT coalesce(sum(quantity_after - quantity_before), 0) FROM lot_split WHERE lot_id = lot_of) THEN
    RAISE EXCEPTION 'lot % is not changed by its splits', lot_of
      USING ERRCODE = 'check_violation', CONSTRAINT = 'lot_equals_splits';
  END IF;
END $$;
CREATE FUNCTION check_split_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'lot' THEN
    PERFORM check_lot_split(NEW.id);
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM check_lot_split(OLD.lot_id);
  ELSE
    PERFORM check_lot_split(NEW.lot_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lot_equals_splits AFTER UPDATE OF split_change ON lot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.split_change <> NEW.split_change)
  EXECUTE FUNCTION check_split_of_row();
CREATE CONSTRAINT TRIGGER new_lot_equals_splits AFTER INSERT ON lot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.split_change <> 0)
  EXECUTE FUNCTION check_split_of_row();
CREATE CONSTRAINT TRIGGER split_equals_lot AFTER INSERT OR UPDATE OR DELETE ON lot_split
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_split_of_row();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'holdings') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON corporate_action FROM holdings;
    REVOKE DELETE, TRUNCATE ON position_action FROM holdings;
    REVOKE TRUNCATE ON lot_split FROM holdings;
  END IF;
END $$;
