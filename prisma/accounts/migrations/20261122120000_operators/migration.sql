-- Only additions: the release before knows none of them and needs none.

-- In which order events became visible. A row bears the number of its transaction, or of the last
-- one that had ended when it was written, whichever is higher: a transaction that began early and
-- waited for another one's row numbers no later than that one. Whoever reads below the oldest running
-- transaction, by number and position, reads each row once, and those of an aggregate in their order.
-- In plpgsql, because it looks when the row is written, not when its statement began.
CREATE FUNCTION outbox_number() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN greatest(pg_current_xact_id()::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1);
END $$;

-- Without a default at first, so that no row is rewritten: rows from before have no number and are
-- read first, by position. The index begins empty for the same reason.
ALTER TABLE "outbox_event" ADD COLUMN     "recorded_in" BIGINT;
ALTER TABLE "outbox_event" ALTER COLUMN "recorded_in" SET DEFAULT outbox_number();
CREATE INDEX outbox_event_feed ON outbox_event (recorded_in, position)
  WHERE recorded_in IS NOT NULL;

-- CreateTable
CREATE TABLE "operator_action" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "operator_action_pkey" PRIMARY KEY ("id"),
    CONSTRAINT operator_action_says_why CHECK (length(trim(actor)) > 0 AND length(trim(reason)) > 0)
);

-- CreateTable
CREATE TABLE "leader_lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "token" BIGINT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leader_lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "leader_run" (
    "job" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "token" BIGINT NOT NULL,
    "ran_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "leader_run_pkey" PRIMARY KEY ("job","period")
);

-- CreateTable
CREATE TABLE "feed_progress" (
    "consumer" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "cursor" TEXT NOT NULL,
    "is_done" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feed_progress_pkey" PRIMARY KEY ("consumer","source")
);

-- CreateIndex
CREATE INDEX "operator_action_subject_id_idx" ON "operator_action"("subject", "id");

CREATE FUNCTION keep_operator_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER operator_action_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_action
  FOR EACH STATEMENT EXECUTE FUNCTION keep_operator_action();

-- A token only grows: whoever took over cannot be un-taken.
CREATE FUNCTION keep_lease_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.token < OLD.token THEN
    RAISE EXCEPTION 'lease %: token % is older than %', OLD.name, NEW.token, OLD.token
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER leader_lease_token BEFORE UPDATE ON leader_lease
  FOR EACH ROW EXECUTE FUNCTION keep_lease_token();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON operator_action, leader_run FROM accounts;
  END IF;
END $$;
