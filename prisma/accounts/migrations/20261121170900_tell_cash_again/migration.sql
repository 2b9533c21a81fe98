-- Holdings listens to payments from now on: it gets those that were told before it listened.
UPDATE outbox_event SET published_at = NULL
WHERE type IN ('accounts.payment-completed.v1', 'accounts.payment-returned.v1');

-- And it hears what else has changed what customers have: reversals, and executions that were left
-- to staff, which their customers have not paid for unless staff has booked them since. An exception
-- of the first release does not say what it was to book.
WITH correction AS (
  SELECT t.id, a.account_id, e.currency, sum(e.amount) AS amount, t.at
  FROM transaction t JOIN entry e ON e.transaction_id = t.id
  JOIN ledger_account a ON a.id = e.ledger_account_id
  WHERE t.kind = 'CORRECTION' AND a.account_id IS NOT NULL
  GROUP BY t.id, a.account_id, e.currency, t.at
  UNION ALL
  SELECT x.id, x.account_id, x.body::json ->> 'currency',
    (x.body::json ->> 'value')::numeric + (x.body::json #>> '{fees,commission}')::numeric
      + (x.body::json #>> '{fees,sec}')::numeric + (x.body::json #>> '{fees,taf}')::numeric, x.at
  FROM booking_exception x
  LEFT JOIN exception_resolution r ON r.exception_id = x.id
  WHERE x.body IS NOT NULL AND r.kind IS DISTINCT FROM 'BOOKED_TO_CUSTOMER'
), told AS (
  SELECT gen_random_uuid() AS event_id, correction.*,
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS occurred_at
  FROM correction WHERE amount <> 0
)
INSERT INTO outbox_event (event_id, type, aggregate_id, aggregate_version, body)
SELECT event_id, 'accounts.cash-corrected.v1', id::text, 1, json_build_object(
  'eventId', event_id, 'type', 'accounts.cash-corrected.v1', 'aggregateId', id,
  'aggregateVersion', 1, 'occurredAt', occurred_at, 'correlationId', id::text,
  'causationId', NULL, 'traceparent', NULL, 'payload', json_build_object(
    'accountId', account_id, 'transactionId', id, 'amount', trim_scale(amount)::text,
    'currency', currency, 'bookedOn', to_char(at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD')))::text
FROM told;
