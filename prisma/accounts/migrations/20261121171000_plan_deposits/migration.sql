-- A deposit that a recurring plan has asked for: one per run. Code of the release before names no run.
-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "plan_run_id" UUID;

-- CreateIndex
CREATE UNIQUE INDEX "payment_plan_run_id_key" ON "payment"("plan_run_id");

ALTER TABLE payment
  ADD CONSTRAINT payment_of_plan CHECK (plan_run_id IS NULL OR kind = 'DEPOSIT');

-- What a payment pays for is agreed with it.
CREATE FUNCTION guard_payment_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'payment % cannot pay for another run', OLD.id
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payment_plan_stays BEFORE UPDATE OF plan_run_id ON payment FOR EACH ROW
  WHEN (NEW.plan_run_id IS DISTINCT FROM OLD.plan_run_id) EXECUTE FUNCTION guard_payment_plan();
