-- CreateTable
CREATE TABLE "election" (
    "account_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "strategy_id" UUID,
    "customer_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "election_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateIndex
CREATE INDEX "election_strategy_id_idx" ON "election"("strategy_id");

-- AddForeignKey
ALTER TABLE "election" ADD CONSTRAINT "election_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The history of an account has no gap: 1, 2, 3, …
CREATE FUNCTION check_election() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence <> 1 + coalesce(
      (SELECT max(sequence) FROM election WHERE account_id = NEW.account_id), 0) THEN
    RAISE EXCEPTION 'election % of account % does not follow the one before',
      NEW.sequence, NEW.account_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER election_follows BEFORE INSERT ON election
  FOR EACH ROW EXECUTE FUNCTION check_election();

CREATE TRIGGER election_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON election
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an investment waits for after it is placed: the orders of its parts, for a while.
CREATE INDEX strategy_order_placing ON strategy_order (expires_at) WHERE status = 'PLACING';

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'strategies') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON election FROM strategies;
  END IF;
END $$;
