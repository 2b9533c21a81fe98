-- AlterTable
ALTER TABLE "order" ADD COLUMN     "rebalance_run_id" UUID;

-- Which orders a rebalancing has made, newest first.
CREATE INDEX order_of_rebalance_run ON "order" (rebalance_run_id, created_at DESC, id DESC)
  WHERE rebalance_run_id IS NOT NULL;

-- An order belongs to an investment, to a rebalancing, or to neither.
ALTER TABLE "order" ADD CONSTRAINT order_of_one_origin
  CHECK (strategy_order_id IS NULL OR rebalance_run_id IS NULL);

-- It is one of the terms, which never change.
CREATE FUNCTION keep_order_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order %: its terms never change', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER order_keeps_run BEFORE UPDATE ON "order" FOR EACH ROW
  WHEN (OLD.rebalance_run_id IS DISTINCT FROM NEW.rebalance_run_id)
  EXECUTE FUNCTION keep_order_run();
