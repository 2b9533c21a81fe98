-- CreateTable
CREATE TABLE "corporate_action" (
    "id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ex_date" DATE NOT NULL,
    "rate" DECIMAL(18,12),
    "currency" TEXT,
    "pay_date" DATE,
    "numerator" INTEGER,
    "denominator" INTEGER,
    "version" INTEGER NOT NULL,
    "announced_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "corporate_action_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "corporate_action_ex_date_id_idx" ON "corporate_action"("ex_date", "id");

-- CreateIndex
CREATE INDEX "corporate_action_asset_id_ex_date_id_idx" ON "corporate_action"("asset_id", "ex_date", "id");

-- AddForeignKey
ALTER TABLE "corporate_action" ADD CONSTRAINT "corporate_action_asset_id_fkey" FOREIGN KEY ("asset_id") REFERENCES "asset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what a Prisma schema cannot say.

ALTER TABLE corporate_action
  ADD CONSTRAINT corporate_action_kind CHECK (kind IN ('DIVIDEND', 'SPLIT')),
  ADD CONSTRAINT corporate_action_state
    CHECK (state IN ('ANNOUNCED', 'EFFECTIVE', 'COMPLETED', 'CANCELED')),
  ADD CONSTRAINT corporate_action_dividend CHECK (
    (kind = 'DIVIDEND') = (rate IS NOT NULL AND currency IS NOT NULL AND pay_date IS NOT NULL)
    AND coalesce(rate > 0 AND pay_date >= ex_date, true)),
  ADD CONSTRAINT corporate_action_split CHECK (
    (kind = 'SPLIT') = (numerator IS NOT NULL AND denominator IS NOT NULL)
    AND coalesce(numerator > 0 AND denominator > 0 AND numerator <> denominator, true)),
  ADD CONSTRAINT corporate_action_alone CHECK (
    CASE kind WHEN 'SPLIT' THEN coalesce(rate::text, currency, pay_date::text) IS NULL
      ELSE coalesce(numerator, denominator) IS NULL END),
  ADD CONSTRAINT corporate_action_version CHECK (version > 0);

-- One of a kind for an asset on one ex-date; a canceled one makes room for its correction.
CREATE UNIQUE INDEX corporate_action_once ON corporate_action (asset_id, kind, ex_date)
  WHERE state <> 'CANCELED';
CREATE INDEX corporate_action_due ON corporate_action (state, ex_date)
  WHERE state IN ('ANNOUNCED', 'EFFECTIVE');

-- Domain §4.4: ANNOUNCED -> EFFECTIVE -> COMPLETED, ANNOUNCED -> CANCELED. Terms never change.
CREATE FUNCTION check_corporate_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'ANNOUNCED' OR NEW.version <> 1 THEN
      RAISE EXCEPTION 'corporate action %: begins ANNOUNCED, not %', NEW.id, NEW.state
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN
    (('ANNOUNCED', 'EFFECTIVE'), ('EFFECTIVE', 'COMPLETED'), ('ANNOUNCED', 'CANCELED'))
  THEN
    RAISE EXCEPTION 'corporate action %: no way from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.version <> OLD.version + 1
    OR (NEW.id, NEW.asset_id, NEW.kind, NEW.ex_date, NEW.rate, NEW.currency, NEW.pay_date,
        NEW.numerator, NEW.denominator, NEW.announced_at)
      IS DISTINCT FROM (OLD.id, OLD.asset_id, OLD.kind, OLD.ex_date, OLD.rate, OLD.currency,
        OLD.pay_date, OLD.numerator, OLD.denominator, OLD.announced_at)
  THEN
    RAISE EXCEPTION 'corporate action %: its terms stay as announced', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER corporate_action_way BEFORE INSERT OR UPDATE ON corporate_action
  FOR EACH ROW EXECUTE FUNCTION check_corporate_action();
CREATE TRIGGER corporate_action_kept BEFORE DELETE OR TRUNCATE ON corporate_action
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'assets') THEN
    REVOKE DELETE, TRUNCATE ON corporate_action FROM assets;
  END IF;
END $$;
