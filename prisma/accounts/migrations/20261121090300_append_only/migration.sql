-- Domain 2.5, rule 1: what has happened is never rewritten; a correction is a reversing transaction.
CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "transaction"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hold
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hold_capture
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hold_resolution
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON booking_exception
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- Balances and settlement items change, but their rows never go away.
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON ledger_account
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON settlement_item
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE UPDATE, DELETE, TRUNCATE
      ON "transaction", entry, hold, hold_capture, hold_resolution, audit, booking_exception
      FROM accounts;
    REVOKE DELETE, TRUNCATE ON ledger_account, settlement_item FROM accounts;
  END IF;
END $$;
