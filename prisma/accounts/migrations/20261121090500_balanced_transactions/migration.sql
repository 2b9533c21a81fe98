-- Domain 2.5, rule 2: two entries at least, zero per currency, whenever either table gains a row.
-- A trigger on the header alone would let a later statement append to an old transaction.
CREATE FUNCTION check_balanced(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entries bigint;
  uneven boolean;
BEGIN
  SELECT coalesce(sum(n), 0), coalesce(bool_or(total <> 0), false) INTO entries, uneven
  FROM (SELECT count(*) AS n, sum(amount) AS total
        FROM entry WHERE transaction_id = checked GROUP BY currency) AS sums;
  IF entries < 2 OR uneven THEN
    RAISE EXCEPTION 'transaction % does not balance', checked USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE FUNCTION header_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_balanced(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER header_is_balanced AFTER INSERT ON "transaction"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION header_is_balanced();

CREATE FUNCTION entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_balanced(NEW.transaction_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_is_balanced AFTER INSERT ON entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_is_balanced();
