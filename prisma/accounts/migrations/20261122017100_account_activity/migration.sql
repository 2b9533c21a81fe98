-- Which transaction recorded an activity: from it the activities of an account are told in an order
-- that no late commit can slip into. Those from before have none: no cursor is older than this
-- migration, so nobody asks for them.
ALTER TABLE "activity" ADD COLUMN     "recorded_in" BIGINT;
ALTER TABLE activity
  ALTER COLUMN recorded_in SET DEFAULT (pg_current_xact_id()::text)::bigint;

CREATE INDEX activity_told ON activity (account_id, recorded_in, id)
  WHERE recorded_in IS NOT NULL;
