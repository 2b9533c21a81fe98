-- Domain 2.3: what may follow what, and why. The code has the same rows; a test compares them.
INSERT INTO account_transition (from_status, trigger, to_status) VALUES
  ('NONE', 'OPEN', 'ONBOARDING'),
  ('ONBOARDING', 'SUBMIT', 'SUBMITTED'),
  ('SUBMITTED', 'OWNERS_ACCEPTED', 'ACTIVE'),
  ('SUBMITTED', 'ACTION_NEEDED', 'ACTION_REQUIRED'),
  ('SUBMITTED', 'OWNER_REJECTED', 'REJECTED'),
  ('ACTION_REQUIRED', 'RESUBMIT', 'SUBMITTED'),
  ('ACTION_REQUIRED', 'OWNER_REJECTED', 'REJECTED'),
  ('ACTIVE', 'DEBT', 'LIMITED'),
  ('ACTIVE', 'LIMIT', 'LIMITED'),
  ('ACTIVE', 'FREEZE', 'FROZEN'),
  ('ACTIVE', 'CLOSE', 'CLOSING'),
  ('LIMITED', 'DEBT_REPAID', 'ACTIVE'),
  ('LIMITED', 'LIFT_LIMIT', 'ACTIVE'),
  ('LIMITED', 'FREEZE', 'FROZEN'),
  ('LIMITED', 'CLOSE', 'CLOSING'),
  ('FROZEN', 'UNFREEZE', 'ACTIVE'),
  ('FROZEN', 'UNFREEZE', 'LIMITED'),
  ('FROZEN', 'UNFREEZE', 'CLOSING'),
  ('CLOSING', 'FREEZE', 'FROZEN'),
  ('CLOSING', 'REOPEN', 'ACTIVE'),
  ('CLOSING', 'SETTLED_UP', 'CLOSED');

CREATE FUNCTION check_account_status() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  left_at text := 'NONE';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.status = OLD.status THEN RETURN NEW; END IF;
    left_at := OLD.status;
  END IF;
  IF NOT EXISTS (
    SELECT FROM account_transition
    WHERE from_status = left_at AND trigger = NEW.changed_by AND to_status = NEW.status
  ) THEN
    RAISE EXCEPTION 'account %: no transition from % by % to %',
      NEW.id, left_at, NEW.changed_by, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.status = 'FROZEN'
     AND NEW.status_before_freeze IS DISTINCT FROM OLD.status THEN
    RAISE EXCEPTION 'account %: frozen from %, but remembers %',
      NEW.id, OLD.status, NEW.status_before_freeze USING ERRCODE = 'check_violation';
  END IF;
  IF left_at = 'FROZEN' AND NEW.status IS DISTINCT FROM OLD.status_before_freeze THEN
    RAISE EXCEPTION 'account %: unfrozen to %, but remembers %',
      NEW.id, NEW.status, OLD.status_before_freeze USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_status_legal BEFORE INSERT OR UPDATE ON account
  FOR EACH ROW EXECUTE FUNCTION check_account_status();

-- A limit has a reason, and what is not limited has none.
ALTER TABLE account
  ADD CONSTRAINT limited_for_a_reason CHECK (
    (status <> 'LIMITED' AND status_before_freeze IS DISTINCT FROM 'LIMITED'
      OR limited_for IS NOT NULL)
    AND (status <> 'ACTIVE' AND status_before_freeze IS DISTINCT FROM 'ACTIVE'
      OR limited_for IS NULL));

-- The job asks which accounts wait to be closed for good.
CREATE INDEX account_closing ON account (id) WHERE status = 'CLOSING';

-- Domain 2.2: the states of a customer's verification.
INSERT INTO verification_transition (from_status, event, to_status) VALUES
  ('NOT_STARTED', 'PROFILE_SUBMITTED', 'PENDING'),
  ('PENDING', 'PROVIDER_ACCEPTED', 'ACCEPTED'),
  ('PENDING', 'PROVIDER_UNSURE', 'REVIEW'),
  ('PENDING', 'PROVIDER_REJECTED', 'REJECTED'),
  ('REVIEW', 'STAFF_ACCEPTED', 'ACCEPTED'),
  ('REVIEW', 'STAFF_REJECTED', 'REJECTED'),
  ('REVIEW', 'MORE_REQUESTED', 'NOT_STARTED');

CREATE FUNCTION check_verification_status() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  left_at text := 'NOT_STARTED';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.status = OLD.status THEN RETURN NEW; END IF;
    left_at := OLD.status;
  END IF;
  IF NOT EXISTS (
    SELECT FROM verification_transition
    WHERE from_status = left_at AND event = NEW.changed_by AND to_status = NEW.status
  ) THEN
    RAISE EXCEPTION 'customer %: no transition from % by % to %',
      NEW.customer_id, left_at, NEW.changed_by, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER verification_status_legal BEFORE INSERT OR UPDATE ON verification
  FOR EACH ROW EXECUTE FUNCTION check_verification_status();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON verification
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

ALTER TABLE verification_request
  ADD CHECK (answer IN ('ACCEPTED', 'REVIEW', 'REJECTED')),
  ADD CHECK ((answer IS NULL) = (answered_at IS NULL));
ALTER TABLE verification_profile
  ADD CHECK (octet_length(identity_nonce) = 12),
  ADD CHECK (octet_length(identity_number) > 16);

-- A customer waits for one answer at a time; the job asks for those whose turn it is.
CREATE UNIQUE INDEX verification_request_open_once ON verification_request (customer_id)
  WHERE answered_at IS NULL;
CREATE INDEX verification_request_open ON verification_request (next_attempt_at)
  WHERE answered_at IS NULL;

-- Open orders keep an account from closing.
CREATE INDEX account_order_open ON account_order (account_id) WHERE NOT ended;
INSERT INTO account_order (order_id, account_id, ended, changed_at)
  SELECT order_id, account_id, end_version IS NOT NULL OR state IN ('REFUSED', 'NEVER_HELD'), now()
  FROM order_booking;

-- Families that began before their end was kept with them.
UPDATE session s SET ends_at = least(
  s.revoked_at, (SELECT max(t.expires_at) FROM refresh_token t WHERE t.session_id = s.id));

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_status_change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_transition
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON verification_transition
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON account_status_change FROM accounts;
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON account_transition, verification_transition
      FROM accounts;
    REVOKE DELETE, TRUNCATE ON verification FROM accounts;
  END IF;
END $$;
