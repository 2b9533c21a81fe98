-- A transaction is sealed when it commits: no entry joins it later, not even a balanced pair. The
-- row says itself which database transaction wrote it (xmin), and nobody can forge that. A header
-- written within a savepoint has the savepoint's own number and takes no entries: refused, not lost.
CREATE FUNCTION entry_joins_open_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT transaction_id FROM added) AS a
             JOIN "transaction" t ON t.id = a.transaction_id
             WHERE t.xmin <> pg_current_xact_id()::xid) THEN
    RAISE EXCEPTION 'a transaction that has been booked takes no more entries'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entry_joins_open_transaction AFTER INSERT ON entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION entry_joins_open_transaction();
