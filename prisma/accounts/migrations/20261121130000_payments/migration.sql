-- A payment that came back (domain 2.4), and when the provider is called about it next.
-- Code of the release before runs on this: it names neither column, and `asked_at` stays.
ALTER TABLE payment
  ADD COLUMN returned_at timestamptz(3),
  ADD COLUMN return_reason text,
  ADD COLUMN next_call_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

ALTER TABLE payment
  DROP CONSTRAINT payment_status_check,
  ADD CONSTRAINT payment_status_check CHECK (status IN
    ('CREATED', 'SUBMITTED', 'COMPLETED', 'FAILED', 'CANCELED', 'RETURNED')),
  ADD CONSTRAINT payment_returned CHECK
    ((status = 'RETURNED') = (returned_at IS NOT NULL AND return_reason IS NOT NULL)),
  ADD CONSTRAINT payment_failed CHECK ((status = 'FAILED') = (failure_reason IS NOT NULL)),
  ADD CONSTRAINT payment_ended CHECK ((status IN ('CREATED', 'SUBMITTED')) = (ended_at IS NULL));

-- The payment job asks many times a second which payments the provider is to be called about.
DROP INDEX payment_submitted;
CREATE INDEX payment_due ON payment (next_call_at, number) WHERE status = 'SUBMITTED';

-- Domain 2.4: these transitions and no other; who asks for what is never rewritten.
CREATE FUNCTION guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'CREATED' THEN
      RAISE EXCEPTION 'a payment begins CREATED' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.number, NEW.account_id, NEW.kind, NEW.amount, NEW.currency, NEW.reference,
      NEW.created_by_id, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.number, OLD.account_id, OLD.kind, OLD.amount, OLD.currency, OLD.reference,
      OLD.created_by_id, OLD.created_at) THEN
    RAISE EXCEPTION 'payment % cannot become another', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
     (('CREATED', 'SUBMITTED'), ('CREATED', 'CANCELED'),
      ('SUBMITTED', 'COMPLETED'), ('SUBMITTED', 'FAILED'),
      ('COMPLETED', 'RETURNED'), ('FAILED', 'COMPLETED')) THEN
    RAISE EXCEPTION 'payment % does not go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_payment BEFORE INSERT OR UPDATE ON payment
  FOR EACH ROW EXECUTE FUNCTION guard_payment();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON payment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- What the provider has told us, once per notice of theirs, whatever became of it.
CREATE TABLE payment_notice (
  id uuid PRIMARY KEY,
  number bigserial NOT NULL,
  provider text NOT NULL,
  notice_id text NOT NULL,
  -- As the provider wrote it: a notice about no payment of ours is kept, too.
  payment_id text NOT NULL,
  kind text NOT NULL,
  reason text,
  at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL,
  state text NOT NULL,
  due_at timestamptz(3),
  ended_at timestamptz(3)
);
CREATE UNIQUE INDEX payment_notice_number_key ON payment_notice (number);
CREATE UNIQUE INDEX payment_notice_provider_notice_id_key ON payment_notice (provider, notice_id);
ALTER TABLE payment_notice
  ADD CHECK (kind IN ('CONFIRMED', 'REFUSED', 'RETURNED')),
  ADD CHECK (state IN ('RECEIVED', 'WAITING', 'APPLIED', 'REPEATED', 'PARKED', 'BOOKED',
                       'DISMISSED')),
  ADD CONSTRAINT notice_open CHECK ((state IN ('RECEIVED', 'WAITING')) = (due_at IS NOT NULL)),
  ADD CONSTRAINT notice_ended CHECK
    ((state IN ('APPLIED', 'REPEATED', 'BOOKED', 'DISMISSED')) = (ended_at IS NOT NULL));

-- Three questions: what is to be done now, what waits for one payment, what staff has to decide.
CREATE INDEX payment_notice_due ON payment_notice (due_at, number) WHERE due_at IS NOT NULL;
CREATE INDEX payment_notice_open ON payment_notice (payment_id, number) WHERE due_at IS NOT NULL;
CREATE INDEX payment_notice_parked ON payment_notice (number) WHERE state = 'PARKED';

CREATE FUNCTION guard_payment_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'state' - 'due_at' - 'ended_at'
     IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'due_at' - 'ended_at' THEN
    RAISE EXCEPTION 'notice % cannot become another', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND NOT
     (OLD.state IN ('RECEIVED', 'WAITING') AND NEW.state IN ('WAITING', 'APPLIED', 'REPEATED', 'PARKED')
      OR OLD.state = 'PARKED' AND NEW.state IN ('BOOKED', 'DISMISSED')) THEN
    RAISE EXCEPTION 'notice % does not go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_payment_notice BEFORE UPDATE ON payment_notice
  FOR EACH ROW EXECUTE FUNCTION guard_payment_notice();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON payment_notice
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- Where the reading of a provider's notices goes on; moves with the notices that were read.
CREATE TABLE provider_stream (
  provider text PRIMARY KEY,
  resume_point text NOT NULL
);

-- The simulated provider's own tables. It plays an outside party, so nothing refers to them.
CREATE TABLE simulated_payment (
  payment_id text PRIMARY KEY,
  outcome text NOT NULL,
  answers_at timestamptz(3) NOT NULL,
  returns_at timestamptz(3)
);
CREATE TABLE simulated_notice (
  id bigserial PRIMARY KEY,
  notice_id text NOT NULL,
  payment_id text NOT NULL,
  kind text NOT NULL,
  reason text,
  at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  place bigint
);
CREATE UNIQUE INDEX simulated_notice_place_key ON simulated_notice (place);
CREATE INDEX simulated_notice_due ON simulated_notice (due_at, id) WHERE place IS NULL;

-- A transaction by which a payment comes back (domain 2.4, RETURNED).
ALTER TABLE "transaction"
  DROP CONSTRAINT transaction_kind_check,
  ADD CONSTRAINT transaction_kind_check CHECK (kind IN ('DEPOSIT', 'WITHDRAWAL', 'RETURN', 'BUY',
    'SALE', 'SETTLEMENT', 'DEBT', 'DEBT_REPAID', 'CORRECTION')) NOT VALID;
ALTER TABLE "transaction" VALIDATE CONSTRAINT transaction_kind_check;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE DELETE, TRUNCATE ON payment, payment_notice FROM accounts;
  END IF;
END $$;
