ALTER TABLE "booking_exception" ADD COLUMN     "body" TEXT;

CREATE TABLE "exception_resolution" (
    "exception_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "transaction_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exception_resolution_pkey" PRIMARY KEY ("exception_id")
);

CREATE TABLE "activity" (
    "account_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "currency" TEXT NOT NULL,
    "value" DECIMAL(20,4),
    "symbol" TEXT,
    "quantity" DECIMAL(28,9),
    "status" TEXT,
    "order_id" UUID,
    "execution_id" TEXT,
    "payment_id" UUID,
    "transaction_id" UUID,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("account_id","at","id")
);

CREATE TABLE "house_checkpoint" (
    "ledger_account_id" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "through_entry" BIGINT NOT NULL,
    "balance" DECIMAL(24,4) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "house_checkpoint_pkey" PRIMARY KEY ("ledger_account_id","day")
);

CREATE INDEX "activity_account_id_kind_at_id_idx" ON "activity"("account_id", "kind", "at", "id");

CREATE INDEX "booking_exception_at_id_idx" ON "booking_exception"("at", "id");

ALTER TABLE "exception_resolution" ADD CONSTRAINT "exception_resolution_exception_id_fkey" FOREIGN KEY ("exception_id") REFERENCES "booking_exception"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "house_checkpoint" ADD CONSTRAINT "house_checkpoint_ledger_account_id_fkey" FOREIGN KEY ("ledger_account_id") REFERENCES "ledger_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE exception_resolution
  ADD CHECK (kind IN ('BOOKED_TO_CUSTOMER', 'BOOKED_TO_HOUSE', 'DISMISSED')),
  ADD CHECK (length(reason) > 0),
  ADD CHECK (kind <> 'DISMISSED' OR transaction_id IS NULL);

ALTER TABLE activity
  ADD CONSTRAINT activity_kind CHECK (kind IN (
    'DEPOSIT', 'WITHDRAWAL', 'RETURN', 'BUY', 'SALE', 'COMMISSION', 'SEC_FEE', 'TAF_FEE', 'DIVIDEND',
    'SPLIT', 'SETTLEMENT', 'DEBT', 'DEBT_REPAID', 'CORRECTION', 'ACCOUNT_STATE')),
  ADD CONSTRAINT activity_moves_cash CHECK (
    kind NOT IN ('SPLIT', 'SETTLEMENT', 'ACCOUNT_STATE') OR amount = 0),
  ADD CONSTRAINT activity_at_exponent CHECK (amount = round(amount, minor_digits(currency))),
  ADD CONSTRAINT activity_status CHECK ((kind = 'ACCOUNT_STATE') = (status IS NOT NULL));

-- A feed is asked for by order as well; most activities of a payment have none.
CREATE INDEX activity_order ON activity (order_id, at, id) WHERE order_id IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activity
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exception_resolution
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON house_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON activity, exception_resolution, house_checkpoint FROM accounts;
  END IF;
END $$;

-- What happened before there were activities. Every entry of a transaction other than that of cash
-- is what cash was moved by, so their sum with the sign turned is what cash moved.
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
WHERE l.kind <> 'cash'
ORDER BY e.id;

INSERT INTO activity (account_id, at, kind, amount, currency, value, order_id, execution_id,
                      transaction_id)
SELECT l.account_id, s.settled_at, 'SETTLEMENT', 0, s.currency, s.value, s.order_id, s.execution_id,
       s.transaction_id
FROM settlement_item s JOIN ledger_account l ON l.id = s.ledger_account_id
WHERE s.settled_at IS NOT NULL
ORDER BY s.settled_at, s.id;

INSERT INTO activity (account_id, at, kind, amount, currency, status)
SELECT id, created_at, 'ACCOUNT_STATE', 0, currency, 'ACTIVE' FROM account ORDER BY number;
