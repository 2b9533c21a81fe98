-- What the release before has booked between the first telling of old entries and the trigger that
-- tells new ones. That one's lock has waited for all that was under way, so nothing comes later.
INSERT INTO activity (account_id, at, kind, amount, currency, value, order_id, execution_id,
                      payment_id, transaction_id)
SELECT owner.account_id, t.at,
       CASE l.kind WHEN 'bank' THEN t.kind WHEN 'clearing' THEN t.kind
         WHEN 'commission' THEN 'COMMISSION' WHEN 'sec-fee' THEN 'SEC_FEE'
         WHEN 'taf-fee' THEN 'TAF_FEE' WHEN 'dividends' THEN 'DIVIDEND' WHEN 'error' THEN 'CORRECTION'
         ELSE CASE WHEN e.amount < 0 THEN 'DEBT' ELSE 'DEBT_REPAID' END END,
       -e.amount, e.currency, CASE l.kind WHEN 'clearing' THEN abs(e.amount) END,
       t.order_id, t.execution_id, t.payment_id, t.id
FROM entry e
JOIN ledger_account l ON l.id = e.ledger_account_id
JOIN "transaction" t ON t.id = e.transaction_id
JOIN LATERAL (
  SELECT la.account_id FROM entry own JOIN ledger_account la ON la.id = own.ledger_account_id
  WHERE own.transaction_id = t.id AND la.account_id IS NOT NULL LIMIT 1
) AS owner ON true
WHERE l.kind <> 'cash' AND NOT t.feed_written
  AND NOT EXISTS (SELECT FROM activity a WHERE a.transaction_id = t.id)
ORDER BY e.id;
