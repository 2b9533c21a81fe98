-- A stop order waits at the venue for its price.
ALTER TABLE "venue_order" ADD COLUMN "stop_price" DECIMAL(20,6);

-- Orders go out in the order in which they came, also after the venue was away.
ALTER TABLE "venue_order" ADD COLUMN "arrival" BIGSERIAL NOT NULL;
DROP INDEX venue_order_due;
CREATE INDEX venue_order_due ON venue_order (arrival, next_attempt_at)
  WHERE state IN ('INTENT', 'SENT');

-- The simulated venue has a database of its own from now on and begins with an empty book. What
-- worked in the old one is asked about and sent again, less what was executed already.
CREATE TEMPORARY TABLE rest AS
  SELECT order_id, venue_order.quantity - sum(execution.quantity) AS quantity,
    trunc(trade_value - sum(execution.quantity * price), 4) AS value
  FROM venue_order JOIN execution USING (order_id)
  WHERE state IN ('SENT', 'ACKNOWLEDGED') GROUP BY order_id;
UPDATE venue_order SET state = 'DONE', outcome = 'FILLED', done_at = now()
FROM rest WHERE venue_order.order_id = rest.order_id AND coalesce(rest.quantity, value) <= 0;
UPDATE venue_order SET quantity = rest.quantity, trade_value = value
FROM rest WHERE venue_order.order_id = rest.order_id AND coalesce(rest.quantity, value) > 0;
UPDATE venue_order SET state = 'SENT', venue_order_id = NULL, next_attempt_at = now(),
  cancel_state = CASE WHEN cancel_state = 'ACCEPTED' THEN 'ASKED' ELSE cancel_state END
WHERE state IN ('SENT', 'ACKNOWLEDGED');
DROP TABLE rest;
DELETE FROM venue_stream WHERE venue = 'simulated';

DROP TABLE "simulated_report";
DROP TABLE "simulated_order";
