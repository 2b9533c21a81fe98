-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "plan_run_id" UUID;

-- CreateTable
CREATE TABLE "plan" (
    "id" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "strategy_id" UUID NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "start_date" DATE NOT NULL,
    "end_date" DATE,
    "funding" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "next_period" DATE NOT NULL,
    "look_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_run" (
    "id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "period" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "amount" DECIMAL(20,4) NOT NULL,
    "payment_id" UUID,
    "strategy_order_id" UUID,
    "deadline" TIMESTAMPTZ(3),
    "event_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "payment_plan_run_id_idx" ON "payment"("plan_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_number_key" ON "plan"("number");

-- CreateIndex
CREATE INDEX "plan_account_id_number_idx" ON "plan"("account_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "plan_run_strategy_order_id_key" ON "plan_run"("strategy_order_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_run_plan_id_period_key" ON "plan_run"("plan_id", "period");

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_run" ADD CONSTRAINT "plan_run_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_run" ADD CONSTRAINT "plan_run_strategy_order_id_fkey" FOREIGN KEY ("strategy_order_id") REFERENCES "strategy_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The schedulers ask every second: which plans are to be looked at, which runs can go on.
CREATE INDEX plan_look_at ON plan (look_at) WHERE state IN ('ACTIVE', 'PAUSED');
CREATE INDEX plan_run_open ON plan_run (due_on) WHERE state IN ('DUE', 'FUNDING', 'INVESTING');

-- Recurring plans (domain §6.3).
ALTER TABLE plan
  ADD CONSTRAINT plan_state CHECK (state IN ('ACTIVE', 'PAUSED', 'CANCELED', 'ENDED')),
  ADD CONSTRAINT plan_interval CHECK ("interval" IN ('WEEKLY', 'BIWEEKLY', 'MONTHLY')),
  ADD CONSTRAINT plan_funding CHECK (funding IN ('DEPOSIT', 'CASH')),
  ADD CONSTRAINT plan_amount CHECK (amount >= 1),
  ADD CONSTRAINT plan_dates CHECK (end_date >= start_date AND next_period >= start_date);
ALTER TABLE plan_run
  ADD CONSTRAINT plan_run_state CHECK
    (state IN ('DUE', 'FUNDING', 'INVESTING', 'COMPLETED', 'SKIPPED', 'FAILED')),
  ADD CONSTRAINT plan_run_amount CHECK (amount >= 1),
  ADD CONSTRAINT plan_run_due CHECK (due_on >= period),
  ADD CONSTRAINT plan_run_reason CHECK ((state IN ('SKIPPED', 'FAILED')) = (reason IS NOT NULL)),
  ADD CONSTRAINT plan_run_invested CHECK
    ((state IN ('INVESTING', 'COMPLETED')) = (strategy_order_id IS NOT NULL)),
  ADD CONSTRAINT plan_run_funding CHECK (state <> 'FUNDING' OR deadline IS NOT NULL),
  ADD CONSTRAINT plan_run_ended CHECK
    ((state IN ('COMPLETED', 'SKIPPED', 'FAILED')) = (ended_at IS NOT NULL));

-- These transitions and no other; what was agreed stays, and periods only pass.
CREATE FUNCTION guard_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'ACTIVE' THEN
      RAISE EXCEPTION 'a plan begins ACTIVE' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.number, NEW.account_id, NEW.customer_id, NEW.strategy_id, NEW.currency,
      NEW."interval", NEW.start_date, NEW.end_date, NEW.funding, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.number, OLD.account_id, OLD.customer_id, OLD.strategy_id, OLD.currency,
      OLD."interval", OLD.start_date, OLD.end_date, OLD.funding, OLD.created_at) THEN
    RAISE EXCEPTION 'plan % cannot become another', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.next_period < OLD.next_period THEN
    RAISE EXCEPTION 'plan % has passed period %', OLD.id, NEW.next_period
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('ACTIVE', 'PAUSED'), ('PAUSED', 'ACTIVE'), ('ACTIVE', 'CANCELED'), ('PAUSED', 'CANCELED'),
      ('ACTIVE', 'ENDED')) THEN
    RAISE EXCEPTION 'plan % does not go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER plan_guard BEFORE INSERT OR UPDATE ON plan
  FOR EACH ROW EXECUTE FUNCTION guard_plan();

CREATE FUNCTION guard_plan_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('DUE', 'SKIPPED') THEN
      RAISE EXCEPTION 'a run begins DUE or SKIPPED' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.plan_id, NEW.period, NEW.due_on, NEW.amount, NEW.created_at) IS DISTINCT FROM
     (OLD.id, OLD.plan_id, OLD.period, OLD.due_on, OLD.amount, OLD.created_at) THEN
    RAISE EXCEPTION 'run % cannot become another', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('DUE', 'FUNDING'), ('DUE', 'INVESTING'), ('DUE', 'SKIPPED'), ('DUE', 'FAILED'),
      ('FUNDING', 'INVESTING'), ('FUNDING', 'SKIPPED'), ('FUNDING', 'FAILED'),
      ('INVESTING', 'COMPLETED')) THEN
    RAISE EXCEPTION 'run % does not go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER plan_run_guard BEFORE INSERT OR UPDATE ON plan_run
  FOR EACH ROW EXECUTE FUNCTION guard_plan_run();

-- Plans and runs change, but their rows never go away.
CREATE TRIGGER plan_stays BEFORE DELETE OR TRUNCATE ON plan
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_run_stays BEFORE DELETE OR TRUNCATE ON plan_run
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'strategies') THEN
    REVOKE DELETE, TRUNCATE ON plan, plan_run FROM strategies;
  END IF;
END $$;
