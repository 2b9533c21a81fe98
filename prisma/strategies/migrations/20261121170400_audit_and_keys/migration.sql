-- AlterTable
ALTER TABLE "command_key" ADD COLUMN     "expires_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "audit" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT,
    "request_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "before_digest" TEXT,
    "after_digest" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_subject_id_idx" ON "audit"("subject", "id");

CREATE INDEX command_key_expired ON command_key (expires_at) WHERE expires_at IS NOT NULL;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One customer uses a key once, whatever the command (domain §1). Keys of investments live on the
-- investment and those of all other commands in command_key, so no unique index sees both: whoever
-- inserts takes the key's lock and looks into the other table, by a statement that begins after the
-- lock was got. A key that is taken there inserts nothing, as ON CONFLICT DO NOTHING would.
CREATE FUNCTION claim_command_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_taken boolean;
BEGIN
  IF TG_TABLE_NAME = 'strategy_order' THEN
    PERFORM pg_advisory_xact_lock(
      hashtextextended(NEW.customer_id || ' ' || NEW.idempotency_key, 0));
    is_taken := EXISTS (SELECT FROM command_key
      WHERE owner_id = NEW.customer_id AND key = NEW.idempotency_key);
  ELSE
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.owner_id || ' ' || NEW.key, 0));
    is_taken := EXISTS (SELECT FROM strategy_order
      WHERE customer_id = NEW.owner_id AND idempotency_key = NEW.key);
  END IF;
  IF is_taken THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER strategy_order_claims_key BEFORE INSERT ON strategy_order
  FOR EACH ROW EXECUTE FUNCTION claim_command_key();
CREATE TRIGGER command_key_claims_key BEFORE INSERT ON command_key
  FOR EACH ROW EXECUTE FUNCTION claim_command_key();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'strategies') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM strategies;
  END IF;
END $$;
