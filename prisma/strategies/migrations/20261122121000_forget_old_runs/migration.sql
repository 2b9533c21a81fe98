-- A job remembers its last periods; the ones long past may go.
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'strategies') THEN
    GRANT DELETE ON leader_run TO strategies;
  END IF;
END $$;
