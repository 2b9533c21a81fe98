-- AlterTable
ALTER TABLE "venue_order"
  ADD COLUMN "opened_version" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "rest_lost" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "venue_rebase" (
    "order_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "ex_date" DATE NOT NULL,
    "numerator" INTEGER NOT NULL,
    "denominator" INTEGER NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "limit_price" DECIMAL(20,6) NOT NULL,
    "stop_price" DECIMAL(20,6),
    "outcome" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "venue_rebase_pkey" PRIMARY KEY ("order_id","action_id")
);

-- VOID: the order was opened on the new basis. APPLIED: it was not at the venue yet.
-- REPLACED, ENDED: what the venue answered.
ALTER TABLE venue_rebase
  ADD CONSTRAINT venue_rebase_outcome
    CHECK (outcome IN ('VOID', 'APPLIED', 'REPLACED', 'ENDED', 'REFUSED')),
  ADD CONSTRAINT venue_rebase_done CHECK ((outcome IS NULL) = (done_at IS NULL)),
  ADD CONSTRAINT venue_rebase_ratio CHECK (numerator > 0 AND denominator > 0),
  ADD CONSTRAINT venue_rebase_positive
    CHECK (quantity > 0 AND limit_price > 0 AND stop_price > 0);
CREATE INDEX venue_rebase_due ON venue_rebase (next_attempt_at) WHERE outcome IS NULL;

-- What a split asks of an order is a fact; what became of it is told once.
CREATE FUNCTION keep_rebase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome IS NOT NULL
    OR to_jsonb(NEW) - '{outcome,attempts,next_attempt_at,done_at}'::text[]
      <> to_jsonb(OLD) - '{outcome,attempts,next_attempt_at,done_at}'::text[] THEN
    RAISE EXCEPTION 'rebase of order %: it never changes', OLD.order_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER venue_rebase_is_a_fact BEFORE UPDATE ON venue_rebase
  FOR EACH ROW EXECUTE FUNCTION keep_rebase();
