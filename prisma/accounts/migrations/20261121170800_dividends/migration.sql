CREATE TABLE "dividend_entitlement" (
    "action_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "rate" DECIMAL(18,12) NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" TEXT NOT NULL,
    "ex_date" DATE NOT NULL,
    "pay_date" DATE NOT NULL,
    "version" INTEGER NOT NULL,
    "paid_version" INTEGER,
    "paid" DECIMAL(20,4) NOT NULL DEFAULT 0,
    "correlation_id" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dividend_entitlement_pkey" PRIMARY KEY ("action_id","account_id")
);

CREATE TABLE "dividend_payment" (
    "action_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "paid_on" DATE NOT NULL,
    "transaction_id" UUID NOT NULL,
    "issuer_transaction_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dividend_payment_pkey" PRIMARY KEY ("action_id","account_id","version")
);

CREATE TABLE "told_split" (
    "action_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "change" DECIMAL(28,9) NOT NULL,

    CONSTRAINT "told_split_pkey" PRIMARY KEY ("action_id","account_id")
);

CREATE INDEX "dividend_entitlement_account_id_pay_date_action_id_idx" ON "dividend_entitlement"("account_id", "pay_date", "action_id");
CREATE UNIQUE INDEX "dividend_payment_transaction_id_key" ON "dividend_payment"("transaction_id");
CREATE UNIQUE INDEX "dividend_payment_issuer_transaction_id_key" ON "dividend_payment"("issuer_transaction_id");

ALTER TABLE "dividend_payment" ADD CONSTRAINT "dividend_payment_action_id_account_id_fkey" FOREIGN KEY ("action_id", "account_id") REFERENCES "dividend_entitlement"("action_id", "account_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- By hand from here on: what a Prisma schema cannot say.

-- The job asks every few seconds for what is due and not paid in its last version.
CREATE INDEX dividend_entitlement_unpaid ON dividend_entitlement (pay_date, action_id, account_id)
  WHERE paid_version IS DISTINCT FROM version;

ALTER TABLE dividend_entitlement
  ADD CONSTRAINT dividend_entitlement_amounts CHECK (quantity >= 0 AND rate > 0 AND amount >= 0 AND paid >= 0),
  ADD CONSTRAINT dividend_entitlement_at_exponent CHECK (
    amount = round(amount, minor_digits(currency)) AND paid = round(paid, minor_digits(currency))),
  ADD CONSTRAINT dividend_entitlement_versions CHECK (version > 0 AND paid_version <= version),
  ADD CONSTRAINT dividend_entitlement_paid CHECK (paid_version IS DISTINCT FROM version OR paid = amount);
ALTER TABLE dividend_payment
  ADD CONSTRAINT dividend_payment_amount CHECK (amount <> 0),
  ADD CONSTRAINT dividend_payment_two_facts CHECK (transaction_id <> issuer_transaction_id);

-- What was paid is the sum of its payments, at commit, whichever was written.
CREATE FUNCTION check_dividend_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT paid FROM dividend_entitlement WHERE action_id = NEW.action_id AND account_id = NEW.account_id)
     IS DISTINCT FROM
     (SELECT coalesce(sum(amount), 0) FROM dividend_payment
      WHERE action_id = NEW.action_id AND account_id = NEW.account_id) THEN
    RAISE EXCEPTION 'dividend % of account % is not what was paid of it', NEW.action_id, NEW.account_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'dividend_equals_payments';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dividend_equals_payments AFTER INSERT OR UPDATE ON dividend_entitlement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dividend_paid();
CREATE CONSTRAINT TRIGGER payment_equals_dividend AFTER INSERT ON dividend_payment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dividend_paid();

-- A version that was told is replaced by a higher one only, and what was paid stays paid.
CREATE FUNCTION refuse_older_entitlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'dividend % of account % goes back', OLD.action_id, OLD.account_id
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER dividend_entitlement_goes_on BEFORE UPDATE ON dividend_entitlement FOR EACH ROW
  WHEN (NEW.version < OLD.version OR (NEW.version = OLD.version AND NEW.amount <> OLD.amount)
        OR coalesce(NEW.paid_version, 0) < coalesce(OLD.paid_version, 0)
        OR (NEW.action_id, NEW.account_id, NEW.asset_id, NEW.currency)
           IS DISTINCT FROM (OLD.action_id, OLD.account_id, OLD.asset_id, OLD.currency))
  EXECUTE FUNCTION refuse_older_entitlement();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dividend_payment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON dividend_entitlement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- Added and then proved: the table is not locked while its rows are read.
ALTER TABLE "transaction"
  DROP CONSTRAINT transaction_kind_check,
  ADD CONSTRAINT transaction_kind_check CHECK (kind IN ('DEPOSIT', 'WITHDRAWAL', 'RETURN', 'BUY',
    'SALE', 'SETTLEMENT', 'DIVIDEND', 'DEBT', 'DEBT_REPAID', 'CORRECTION')) NOT VALID;
ALTER TABLE "transaction" VALIDATE CONSTRAINT transaction_kind_check;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON dividend_payment FROM accounts;
    REVOKE DELETE, TRUNCATE ON dividend_entitlement, told_split FROM accounts;
  END IF;
END $$;
