ALTER TABLE "asset" ADD COLUMN "sector" TEXT;

CREATE TABLE "cash_fact" (
    "kind" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" TEXT NOT NULL,

    CONSTRAINT "cash_fact_pkey" PRIMARY KEY ("kind","reference")
);

CREATE TABLE "asset_close" (
    "asset_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "close" DECIMAL(20,6) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "asset_close_pkey" PRIMARY KEY ("asset_id","day")
);

CREATE TABLE "valuation_mark" (
    "position" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "account_id" UUID,
    "asset_id" UUID,
    "from_day" DATE NOT NULL,

    CONSTRAINT "valuation_mark_pkey" PRIMARY KEY ("position")
);

CREATE TABLE "position_step" (
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,

    CONSTRAINT "position_step_pkey" PRIMARY KEY ("account_id","asset_id","day")
);

CREATE TABLE "account_day" (
    "account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "cash" DECIMAL(20,4) NOT NULL,
    "shares" DECIMAL(24,4),
    "inflow" DECIMAL(20,4) NOT NULL,
    "outflow" DECIMAL(20,4) NOT NULL,

    CONSTRAINT "account_day_pkey" PRIMARY KEY ("account_id","day")
);

CREATE TABLE "account_valuation" (
    "account_id" UUID NOT NULL,
    "first_day" DATE NOT NULL,
    "valued_through" DATE NOT NULL,

    CONSTRAINT "account_valuation_pkey" PRIMARY KEY ("account_id")
);

CREATE TABLE "strategy" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "slices" JSONB NOT NULL,

    CONSTRAINT "strategy_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "election" (
    "account_id" UUID NOT NULL,
    "strategy_id" UUID,
    "version" INTEGER NOT NULL,

    CONSTRAINT "election_pkey" PRIMARY KEY ("account_id")
);

CREATE INDEX "cash_fact_account_id_day_amount_idx" ON "cash_fact"("account_id", "day", "amount");
CREATE INDEX "valuation_mark_account_id_idx" ON "valuation_mark"("account_id");
CREATE INDEX "account_valuation_valued_through_account_id_idx" ON "account_valuation"("valued_through", "account_id");

-- By hand from here on: what a Prisma schema cannot say.

-- What a fact is to cash has one sign: a wrong one would turn a deposit into a loss.
ALTER TABLE cash_fact
  ADD CONSTRAINT cash_fact_sign CHECK (CASE kind
    WHEN 'DEPOSIT' THEN amount > 0
    WHEN 'DEPOSIT_RETURNED' THEN amount < 0
    WHEN 'WITHDRAWAL' THEN amount < 0
    WHEN 'WITHDRAWAL_RETURNED' THEN amount > 0
    WHEN 'BUY' THEN amount <= 0
    WHEN 'SALE' THEN true
    WHEN 'DIVIDEND' THEN true
    WHEN 'CORRECTION' THEN amount <> 0
    ELSE false END);
ALTER TABLE asset_close
  ADD CONSTRAINT asset_close_positive CHECK (close > 0),
  ADD CONSTRAINT asset_close_version CHECK (version > 0);
ALTER TABLE valuation_mark
  ADD CONSTRAINT valuation_mark_place CHECK (CASE kind
    WHEN 'CASH' THEN account_id IS NOT NULL AND asset_id IS NULL
    WHEN 'SHARES' THEN account_id IS NOT NULL AND asset_id IS NOT NULL
    WHEN 'CLOSE' THEN account_id IS NULL AND asset_id IS NOT NULL
    WHEN 'SPLIT' THEN account_id IS NULL AND asset_id IS NOT NULL
    ELSE false END);
ALTER TABLE account_day
  ADD CONSTRAINT account_day_flows CHECK (inflow >= 0 AND outflow >= 0);
ALTER TABLE account_valuation ADD CONSTRAINT account_valuation_days CHECK (valued_through >= first_day - 1);
ALTER TABLE strategy ADD CONSTRAINT strategy_version CHECK (version > 0);

CREATE TRIGGER cash_fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cash_fact
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER asset_close_kept BEFORE DELETE OR TRUNCATE ON asset_close
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whatever writes a fact has also said from which day on values are to be reckoned again: no code
-- can forget it. A mark is a row of its own, so that nobody waits for another's fact.
CREATE FUNCTION mark_cash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO valuation_mark (kind, account_id, from_day)
  SELECT 'CASH', account_id, min(day) FROM fresh GROUP BY account_id;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_cash AFTER INSERT ON cash_fact REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION mark_cash();

-- An execution is a fact about cash, too. It counts for its trade date, as its shares do.
CREATE FUNCTION note_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO cash_fact (kind, reference, account_id, day, amount, currency)
  SELECT CASE side WHEN 'BUY' THEN 'BUY' ELSE 'SALE' END, order_id || ':' || execution_id, account_id,
         trade_date, CASE side WHEN 'BUY' THEN -(value + fee) ELSE value - fee END, currency
  FROM fresh
  ON CONFLICT DO NOTHING;
  INSERT INTO valuation_mark (kind, account_id, asset_id, from_day)
  SELECT 'SHARES', account_id, asset_id, min(trade_date) FROM fresh GROUP BY account_id, asset_id;
  RETURN NULL;
END $$;
CREATE TRIGGER note_execution AFTER INSERT ON execution REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION note_execution();

-- Shares that the house owes never left the account; they may be found missing after the sale.
CREATE FUNCTION mark_missing_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO valuation_mark (kind, account_id, asset_id, from_day)
  SELECT 'SHARES', e.account_id, e.asset_id, min(e.trade_date)
  FROM fresh JOIN execution AS e USING (order_id, execution_id) GROUP BY e.account_id, e.asset_id;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_missing_shares AFTER INSERT ON missing_shares REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION mark_missing_shares();

-- Closes are told by the hundred: one mark for an asset, however many accounts hold it.
CREATE FUNCTION mark_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO valuation_mark (kind, asset_id, from_day)
  SELECT 'CLOSE', asset_id, min(day) FROM fresh GROUP BY asset_id;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_new_closes AFTER INSERT ON asset_close REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION mark_closes();
CREATE TRIGGER mark_changed_closes AFTER UPDATE ON asset_close REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION mark_closes();

CREATE FUNCTION mark_splits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO valuation_mark (kind, asset_id, from_day)
  SELECT 'SPLIT', asset_id, min(ex_date) FROM fresh WHERE kind = 'SPLIT' GROUP BY asset_id;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_splits AFTER INSERT ON corporate_action REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION mark_splits();

-- Splits of several days multiply; PostgreSQL has sums only.
CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');

-- What the release before has booked.
INSERT INTO cash_fact (kind, reference, account_id, day, amount, currency)
SELECT CASE side WHEN 'BUY' THEN 'BUY' ELSE 'SALE' END, order_id || ':' || execution_id, account_id,
       trade_date, CASE side WHEN 'BUY' THEN -(value + fee) ELSE value - fee END, currency
FROM execution;
INSERT INTO valuation_mark (kind, account_id, asset_id, from_day)
SELECT 'SHARES', account_id, asset_id, min(trade_date) FROM execution GROUP BY account_id, asset_id;

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'holdings') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON cash_fact FROM holdings;
    REVOKE DELETE, TRUNCATE ON asset_close FROM holdings;
  END IF;
END $$;
