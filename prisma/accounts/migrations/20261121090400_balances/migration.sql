-- Balances are sums of facts and no code sets one: inserting a fact moves them, in the same
-- statement. The row that a fact moves is locked first, so checks that follow see every other fact.

CREATE FUNCTION guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF coalesce(NEW.posted, 0) <> 0 OR coalesce(NEW.held, 0) <> 0 OR coalesce(NEW.unsettled, 0) <> 0 THEN
      RAISE EXCEPTION 'a ledger account begins empty' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF (NEW.id, NEW.kind, NEW.account_id, NEW.currency)
        IS DISTINCT FROM (OLD.id, OLD.kind, OLD.account_id, OLD.currency) THEN
    RAISE EXCEPTION 'ledger account % cannot become another', OLD.id USING ERRCODE = 'restrict_violation';
  ELSIF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'balance % moves by facts only', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_balance BEFORE INSERT OR UPDATE ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION guard_balance();

CREATE FUNCTION entry_moves_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_account l SET posted = l.posted + moved.amount
  FROM (SELECT ledger_account_id, sum(amount) AS amount FROM added GROUP BY 1) AS moved
  WHERE l.id = moved.ledger_account_id AND l.account_id IS NOT NULL AND moved.amount <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER entry_moves_posted AFTER INSERT ON entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION entry_moves_posted();

CREATE FUNCTION hold_moves_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_account l SET held = l.held + moved.amount
  FROM (SELECT ledger_account_id, sum(amount) AS amount FROM added GROUP BY 1) AS moved
  WHERE l.id = moved.ledger_account_id AND l.kind = 'cash';
  IF EXISTS (SELECT FROM added a JOIN ledger_account l ON l.id = a.ledger_account_id
             WHERE l.kind <> 'cash') THEN
    RAISE EXCEPTION 'only cash of a customer can be held' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER hold_moves_held AFTER INSERT ON hold REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION hold_moves_held();

CREATE FUNCTION capture_moves_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_account l SET held = l.held - moved.amount
  FROM (SELECT h.ledger_account_id, sum(a.amount) AS amount
        FROM added a JOIN hold h ON h.id = a.hold_id GROUP BY 1) AS moved
  WHERE l.id = moved.ledger_account_id;
  IF EXISTS (SELECT FROM hold_resolution WHERE hold_id IN (SELECT hold_id FROM added)) THEN
    RAISE EXCEPTION 'a hold that has ended cannot be captured' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM hold h JOIN hold_capture c ON c.hold_id = h.id
             WHERE h.id IN (SELECT hold_id FROM added)
             GROUP BY h.id HAVING sum(c.amount) > h.amount) THEN
    RAISE EXCEPTION 'captures exceed their hold' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER capture_moves_held AFTER INSERT ON hold_capture REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION capture_moves_held();

CREATE FUNCTION resolution_moves_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_account l SET held = l.held - moved.amount
  FROM (SELECT h.ledger_account_id, sum(a.amount) AS amount
        FROM added a JOIN hold h ON h.id = a.hold_id GROUP BY 1) AS moved
  WHERE l.id = moved.ledger_account_id;
  IF EXISTS (SELECT FROM added a JOIN hold h ON h.id = a.hold_id
             WHERE a.amount <> h.amount - (SELECT coalesce(sum(c.amount), 0)
                                           FROM hold_capture c WHERE c.hold_id = h.id)) THEN
    RAISE EXCEPTION 'a hold ends with exactly what is left of it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER resolution_moves_held AFTER INSERT ON hold_resolution REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION resolution_moves_held();

CREATE FUNCTION settlement_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added WHERE settled_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a settlement item begins open' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE ledger_account l SET unsettled = l.unsettled + moved.net
  FROM (SELECT ledger_account_id, sum(net) AS net FROM added GROUP BY 1) AS moved
  WHERE l.id = moved.ledger_account_id AND moved.net <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER settlement_begins AFTER INSERT ON settlement_item REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION settlement_begins();

-- An item settles once; nothing else about it ever changes.
CREATE FUNCTION settlement_only_settles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL
     OR to_jsonb(NEW) - 'settled_at' - 'transaction_id'
        IS DISTINCT FROM to_jsonb(OLD) - 'settled_at' - 'transaction_id' THEN
    RAISE EXCEPTION 'settlement item % only settles, once', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER settlement_only_settles BEFORE UPDATE ON settlement_item
  FOR EACH ROW EXECUTE FUNCTION settlement_only_settles();

CREATE FUNCTION settlement_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_account l SET unsettled = l.unsettled - moved.net
  FROM (SELECT ledger_account_id, sum(net) AS net FROM settled GROUP BY 1) AS moved
  WHERE l.id = moved.ledger_account_id AND moved.net <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER settlement_ends AFTER UPDATE ON settlement_item REFERENCING NEW TABLE AS settled
  FOR EACH STATEMENT EXECUTE FUNCTION settlement_ends();
