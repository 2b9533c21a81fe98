-- Code of the release before books transactions and knows no activities (OPS-134): what it books is
-- told to the customer here. Code of this release says that it tells them itself, because it knows
-- what was traded. Without this, an activity would be missing for good, and every statement after.
ALTER TABLE "transaction" ADD COLUMN feed_written boolean NOT NULL DEFAULT false;

CREATE FUNCTION entry_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added e JOIN "transaction" t ON t.id = e.transaction_id
                 WHERE NOT t.feed_written) THEN
    RETURN NULL;
  END IF;
  INSERT INTO activity (account_id, at, kind, amount, currency, value, order_id, execution_id,
                        payment_id, transaction_id)
  SELECT owner.account_id, t.at,
         CASE l.kind WHEN 'bank' THEN t.kind WHEN 'clearing' THEN t.kind
           WHEN 'commission' THEN 'COMMISSION' WHEN 'sec-fee' THEN 'SEC_FEE'
           WHEN 'taf-fee' THEN 'TAF_FEE' WHEN 'dividends' THEN 'DIVIDEND'
           WHEN 'error' THEN 'CORRECTION'
           ELSE CASE WHEN e.amount < 0 THEN 'DEBT' ELSE 'DEBT_REPAID' END END,
         -e.amount, e.currency, CASE l.kind WHEN 'clearing' THEN abs(e.amount) END,
         t.order_id, t.execution_id, t.payment_id, t.id
  FROM added e
  JOIN "transaction" t ON t.id = e.transaction_id AND NOT t.feed_written
  JOIN ledger_account l ON l.id = e.ledger_account_id
  JOIN LATERAL (
    SELECT la.account_id FROM added own JOIN ledger_account la ON la.id = own.ledger_account_id
    WHERE own.transaction_id = t.id AND la.account_id IS NOT NULL LIMIT 1
  ) AS owner ON true
  WHERE l.kind <> 'cash'
  ORDER BY e.id;
  RETURN NULL;
END $$;
CREATE TRIGGER entry_is_told AFTER INSERT ON entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION entry_is_told();
