CREATE TABLE "statement_request" (
    "account_id" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "statement_request_pkey" PRIMARY KEY ("account_id","month")
);

CREATE TABLE "closed_month" (
    "account_id" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "closed_month_pkey" PRIMARY KEY ("account_id","month")
);

CREATE TABLE "statement" (
    "account_id" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "opening" DECIMAL(20,4) NOT NULL,
    "closing" DECIMAL(20,4) NOT NULL,
    "owed" DECIMAL(20,4) NOT NULL,
    "through_activity" BIGINT NOT NULL,
    "json" TEXT NOT NULL,
    "csv" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "statement_pkey" PRIMARY KEY ("account_id","month")
);

ALTER TABLE statement_request ADD CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$');
ALTER TABLE closed_month ADD CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$');
ALTER TABLE "statement"
  ADD CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  ADD CHECK (closing >= 0 AND opening >= 0 AND owed >= 0),
  ADD CONSTRAINT statement_digest CHECK (sha256 = encode(sha256(convert_to(json, 'UTF8')), 'hex'));

-- Law 9: a statement opens with what the one before closed with, and none is left out.
CREATE FUNCTION statement_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  earlier record;
BEGIN
  SELECT month, closing, through_activity INTO earlier FROM "statement"
  WHERE account_id = NEW.account_id ORDER BY month DESC LIMIT 1;
  IF NOT FOUND THEN
    IF NEW.opening <> 0 THEN
      RAISE EXCEPTION 'the first statement of an account opens with nothing'
        USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.opening <> earlier.closing OR NEW.through_activity < earlier.through_activity
     OR to_char(to_date(earlier.month, 'YYYY-MM') + interval '1 month', 'YYYY-MM') <> NEW.month THEN
    RAISE EXCEPTION 'the statement of % does not follow that of %', NEW.month, earlier.month
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER statement_follows BEFORE INSERT ON "statement"
  FOR EACH ROW EXECUTE FUNCTION statement_follows();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "statement"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_request
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON closed_month
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON "statement", statement_request, closed_month FROM accounts;
  END IF;
END $$;
