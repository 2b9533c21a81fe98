-- One customer uses a key once, whatever the command (domain §1). Keys of placements live on the
-- order and those of all other commands in order_request, so no unique index sees both: whoever
-- inserts takes the key's lock and looks into the other table, by a statement that begins after the
-- lock was got. A key that is taken there inserts nothing, as ON CONFLICT DO NOTHING would.
CREATE FUNCTION claim_command_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_taken boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.customer_id || ' ' || NEW.idempotency_key, 0));
  IF TG_TABLE_NAME = 'order' THEN
    is_taken := EXISTS (SELECT FROM order_request
      WHERE customer_id = NEW.customer_id AND idempotency_key = NEW.idempotency_key);
  ELSE
    is_taken := EXISTS (SELECT FROM "order"
      WHERE customer_id = NEW.customer_id AND idempotency_key = NEW.idempotency_key);
  END IF;
  IF is_taken THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER order_claims_key BEFORE INSERT ON "order"
  FOR EACH ROW EXECUTE FUNCTION claim_command_key();
CREATE TRIGGER order_request_claims_key BEFORE INSERT ON order_request
  FOR EACH ROW EXECUTE FUNCTION claim_command_key();
