-- What a split looks for beside orders that have not ended: those of its asset that ended since. The
-- lines of their histories had to be read for it, and all orders besides.
-- DropIndex
DROP INDEX "order_event_occurred_at_idx";

CREATE INDEX order_ended_of_asset ON "order" (asset_id, updated_at)
  WHERE status IN ('FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED');
