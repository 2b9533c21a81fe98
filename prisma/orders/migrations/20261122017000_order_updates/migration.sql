-- Which account a line of history is of, and which transaction recorded it: from these the updates
-- of an account are told in an order that no late commit can slip into. Lines from before have
-- neither: no cursor is older than this migration, so nobody asks for them.
ALTER TABLE "order_event" ADD COLUMN     "account_id" UUID,
ADD COLUMN     "recorded_in" BIGINT;

CREATE INDEX order_event_updates ON order_event (account_id, recorded_in, order_id, sequence)
  WHERE account_id IS NOT NULL;

-- A transaction may have begun before the one whose line its own line follows, because it waited for
-- the order. A line therefore never bears a lower number than the line before it, and never a lower
-- one than its own transaction: then whoever reads below the oldest running transaction reads every
-- line once, and those of an order in their order.
CREATE OR REPLACE FUNCTION check_order_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before order_event;
BEGIN
  IF NOT EXISTS (
    SELECT FROM order_transition
    WHERE from_status = NEW.from_status AND event = NEW.event AND to_status = NEW.to_status
  ) THEN
    RAISE EXCEPTION 'order %: no transition from % by % to %',
      NEW.order_id, NEW.from_status, NEW.event, NEW.to_status USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.sequence > 1 THEN
    SELECT * INTO before FROM order_event
      WHERE order_id = NEW.order_id AND sequence = NEW.sequence - 1;
    IF before.to_status IS DISTINCT FROM NEW.from_status THEN
      RAISE EXCEPTION 'order %: event % starts from %, the one before it ended in %',
        NEW.order_id, NEW.sequence, NEW.from_status, coalesce(before.to_status, 'nothing')
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  NEW.recorded_in := greatest(pg_current_xact_id()::text::bigint, before.recorded_in);
  NEW.account_id := before.account_id;
  IF NEW.account_id IS NULL THEN
    SELECT account_id INTO NEW.account_id FROM "order" WHERE id = NEW.order_id;
  END IF;
  RETURN NEW;
END $$;
