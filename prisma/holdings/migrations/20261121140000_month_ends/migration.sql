CREATE TABLE "missing_shares_resolution" (
    "order_id" UUID NOT NULL,
    "execution_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "missing_shares_resolution_pkey" PRIMARY KEY ("order_id","execution_id")
);

CREATE TABLE "month_end_price" (
    "asset_id" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "last" DECIMAL(20,6) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "month_end_price_pkey" PRIMARY KEY ("asset_id","month")
);

CREATE INDEX "missing_shares_raised_at_order_id_execution_id_idx" ON "missing_shares"("raised_at", "order_id", "execution_id");

CREATE UNIQUE INDEX "missing_shares_resolution_actor_idempotency_key_key" ON "missing_shares_resolution"("actor", "idempotency_key");

ALTER TABLE "missing_shares_resolution" ADD CONSTRAINT "missing_shares_resolution_order_id_execution_id_fkey" FOREIGN KEY ("order_id", "execution_id") REFERENCES "missing_shares"("order_id", "execution_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE missing_shares_resolution
  ADD CHECK (kind IN ('BOUGHT_IN', 'WRITTEN_OFF')),
  ADD CHECK (length(reason) > 0);
ALTER TABLE month_end_price
  ADD CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  ADD CHECK (last > 0);

-- The first price of a month writes down the last one of the month before: nobody else knows it by
-- then. The condition is all that a price within a month costs.
CREATE FUNCTION keep_month_end_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO month_end_price (asset_id, month, last, at)
  VALUES (OLD.asset_id, to_char(OLD.at AT TIME ZONE 'America/New_York', 'YYYY-MM'), OLD.last, OLD.at)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_month_end_price AFTER UPDATE ON price FOR EACH ROW
  WHEN (date_trunc('month', OLD.at AT TIME ZONE 'America/New_York')
        < date_trunc('month', NEW.at AT TIME ZONE 'America/New_York'))
  EXECUTE FUNCTION keep_month_end_price();

CREATE TRIGGER missing_shares_resolution_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON missing_shares_resolution FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER month_end_price_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON month_end_price FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'holdings') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON missing_shares_resolution, month_end_price FROM holdings;
  END IF;
END $$;
