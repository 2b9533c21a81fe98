-- AlterTable
ALTER TABLE "notification" ADD COLUMN     "account_id" UUID,
ADD COLUMN     "template" TEXT;

-- AlterTable
ALTER TABLE "in_app_message" ADD COLUMN     "account_id" UUID;

-- The first release called the words of a message its kind. What a customer turns on and off is
-- coarser: the words are the template from now on, and the kind is one of the list below.
UPDATE notification SET template = kind;

CREATE FUNCTION pg_temp.kind_of(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN words IN ('ACCOUNT_OPENED', 'ACCOUNT_STATUS') THEN 'ACCOUNT_STATE'
    WHEN words LIKE 'DEPOSIT\_%' OR words LIKE 'WITHDRAWAL\_%' THEN 'PAYMENT'
    WHEN words = 'STRATEGY_ORDER_COMPLETED' THEN 'STRATEGY_ORDER'
    ELSE words
  END
$$;
UPDATE notification SET kind = pg_temp.kind_of(kind);
UPDATE in_app_message SET kind = pg_temp.kind_of(kind);

-- AlterTable
ALTER TABLE "notification" ALTER COLUMN "template" SET NOT NULL;

-- An attempt is counted when its outcome is known, no more when it begins, and never past eight.
UPDATE notification SET attempts = least(attempts, CASE WHEN state = 'QUEUED' THEN 7 ELSE 8 END);

-- CreateTable
CREATE TABLE "preference" (
    "customer_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "preference_pkey" PRIMARY KEY ("customer_id","kind","channel")
);

-- CreateTable
CREATE TABLE "command_key" (
    "owner_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "command_key_pkey" PRIMARY KEY ("owner_id","key")
);

-- DropIndex
DROP INDEX "in_app_message_customer_id_created_at_idx";

-- CreateIndex
CREATE INDEX "in_app_message_customer_id_created_at_id_idx" ON "in_app_message"("customer_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "in_app_message_created_at_idx" ON "in_app_message"("created_at");

-- CreateIndex
CREATE INDEX "notification_queued_at_id_idx" ON "notification"("queued_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "notification_customer_id_queued_at_id_idx" ON "notification"("customer_id", "queued_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "command_key_expires_at_idx" ON "command_key"("expires_at");

-- What is unread, what is due on each channel, what may go, and who wants to hear of strategies.
CREATE INDEX in_app_message_unread ON in_app_message (customer_id, created_at DESC, id DESC)
  WHERE read_at IS NULL;
DROP INDEX notification_due;
CREATE INDEX notification_due ON notification (channel, next_attempt_at, id)
  WHERE state = 'QUEUED';
CREATE INDEX notification_over ON notification (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX preference_audience ON preference (channel, customer_id)
  WHERE kind = 'STRATEGY_CREATED' AND enabled;

CREATE FUNCTION is_notification_kind(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT kind IN ('ACCOUNT_STATE', 'PAYMENT', 'ORDER_COMPLETED', 'ORDER_REFUSED', 'DIVIDEND',
    'PLAN_RUN', 'REBALANCE', 'STRATEGY_ORDER', 'STRATEGY_CREATED', 'SECURITY', 'STATEMENT_READY')
$$;
ALTER TABLE notification
  ADD CONSTRAINT notification_kind CHECK (is_notification_kind(kind)),
  ADD CONSTRAINT notification_attempts CHECK (attempts BETWEEN 0 AND 8),
  ADD CONSTRAINT notification_reason
    CHECK ((state IN ('FAILED', 'SUPPRESSED')) = (reason IS NOT NULL));
ALTER TABLE in_app_message
  ADD CONSTRAINT in_app_message_kind CHECK (is_notification_kind(kind));
ALTER TABLE preference
  ADD CONSTRAINT preference_kind CHECK (is_notification_kind(kind)),
  ADD CONSTRAINT preference_channel CHECK (channel IN ('IN_APP', 'EMAIL', 'PUSH', 'SMS')),
  ADD CONSTRAINT preference_security_always_on CHECK (kind <> 'SECURITY' OR enabled);

-- The delivery log walks one way, and what a notification says does not change.
CREATE FUNCTION notification_walks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('QUEUED', 'SUPPRESSED') OR NEW.attempts <> 0 THEN
      RAISE EXCEPTION 'notification %: begins QUEUED or SUPPRESSED, without attempts', NEW.id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.event_id, NEW.customer_id, NEW.channel, NEW.kind, NEW.template, NEW.account_id,
      NEW.facts, NEW.correlation_id, NEW.queued_at)
    IS DISTINCT FROM (OLD.id, OLD.event_id, OLD.customer_id, OLD.channel, OLD.kind, OLD.template,
      OLD.account_id, OLD.facts, OLD.correlation_id, OLD.queued_at) THEN
    RAISE EXCEPTION 'notification %: what it says does not change', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'QUEUED' THEN
    RAISE EXCEPTION 'notification % is % and stays so', OLD.id, OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (
    NEW.state = 'QUEUED' AND NEW.attempts IN (OLD.attempts, OLD.attempts + 1)
    OR NEW.state = 'SENT' AND NEW.attempts = OLD.attempts + 1
    OR NEW.state = 'FAILED' AND NEW.attempts = OLD.attempts + 1 AND NEW.attempts = 8
    OR NEW.state = 'SUPPRESSED' AND NEW.attempts = OLD.attempts
  ) THEN
    RAISE EXCEPTION 'notification %: no way from % after % attempts to % after %',
      OLD.id, OLD.state, OLD.attempts, NEW.state, NEW.attempts
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notification_walks BEFORE INSERT OR UPDATE ON notification
  FOR EACH ROW EXECUTE FUNCTION notification_walks();

-- Each counted attempt has its row, and each row is a counted attempt.
CREATE FUNCTION delivery_attempt_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.attempt <> (SELECT attempts FROM notification WHERE id = NEW.notification_id) THEN
    RAISE EXCEPTION 'attempt % of notification % is not the one that was counted',
      NEW.attempt, NEW.notification_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_attempt_is_counted BEFORE INSERT ON delivery_attempt
  FOR EACH ROW EXECUTE FUNCTION delivery_attempt_is_counted();

-- A message in the application is read once, and nothing else of it changes.
CREATE FUNCTION in_app_message_is_read_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.read_at IS NOT NULL OR (to_jsonb(NEW) - 'read_at') <> (to_jsonb(OLD) - 'read_at') THEN
    RAISE EXCEPTION 'message % can only be read, once', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER in_app_message_is_read_once BEFORE UPDATE ON in_app_message
  FOR EACH ROW EXECUTE FUNCTION in_app_message_is_read_once();

-- The log is dropped by age alone: the function below is the only way, whoever asks. Its bound is
-- measured from the newest row, so that no clock of a caller can empty the log.
CREATE FUNCTION refuse_change_but_by_age() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('simplebank.dropping_by_age', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER delivery_attempt_append_only ON delivery_attempt;
CREATE TRIGGER delivery_attempt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_attempt
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_but_by_age();
CREATE TRIGGER notification_kept BEFORE DELETE OR TRUNCATE ON notification
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_but_by_age();
DROP FUNCTION refuse_change();

CREATE FUNCTION drop_old_notifications(before timestamptz, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  old uuid[];
BEGIN
  old := ARRAY(
    SELECT id FROM notification
    WHERE ended_at < least(before,
      (SELECT max(queued_at) FROM notification) - interval '400 days')
    ORDER BY ended_at LIMIT most);
  PERFORM set_config('simplebank.dropping_by_age', 'on', true);
  DELETE FROM delivery_attempt WHERE notification_id = ANY (old);
  DELETE FROM notification WHERE id = ANY (old);
  PERFORM set_config('simplebank.dropping_by_age', 'off', true);
  RETURN cardinality(old);
END $$;

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notifications') THEN
    REVOKE DELETE, TRUNCATE ON notification FROM notifications;
  END IF;
END $$;
