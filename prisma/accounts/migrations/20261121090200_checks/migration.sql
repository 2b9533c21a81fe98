-- Decimals that cash of a currency is booked with; null for a currency that the bank does not keep.
CREATE FUNCTION minor_digits(currency text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE currency WHEN 'USD' THEN 2 END;

ALTER TABLE account
  ADD CHECK (status IN ('ONBOARDING', 'SUBMITTED', 'ACTION_REQUIRED', 'REJECTED', 'ACTIVE',
                        'LIMITED', 'FROZEN', 'CLOSING', 'CLOSED')),
  ADD CHECK ((status = 'FROZEN') = (status_before_freeze IS NOT NULL)),
  ADD CHECK (status_before_freeze IN ('ACTIVE', 'LIMITED', 'CLOSING')),
  ADD CHECK (limited_for IN ('DEBT', 'STAFF')),
  ADD CHECK (minor_digits(currency) IS NOT NULL),
  ADD CHECK (version > 0);

ALTER TABLE ledger_account
  ADD CHECK (kind IN ('cash', 'debt', 'bank', 'clearing', 'commission', 'sec-fee', 'taf-fee',
                      'dividends', 'error')),
  ADD CHECK ((account_id IS NOT NULL) = (kind IN ('cash', 'debt'))),
  ADD CHECK (minor_digits(currency) IS NOT NULL),
  ADD CHECK (account_id IS NULL OR (posted IS NOT NULL AND held IS NOT NULL AND unsettled IS NOT NULL)),
  ADD CHECK (account_id IS NOT NULL OR (posted IS NULL AND held IS NULL AND unsettled IS NULL)),
  ADD CONSTRAINT cash_covers_holds CHECK (kind <> 'cash' OR posted - held >= 0),
  ADD CONSTRAINT held_not_negative CHECK (held >= 0),
  ADD CONSTRAINT unsettled_not_negative CHECK (unsettled >= 0),
  ADD CONSTRAINT debt_not_positive CHECK (kind <> 'debt' OR (posted <= 0 AND held = 0 AND unsettled = 0));

ALTER TABLE transaction
  ADD CHECK (kind IN ('DEPOSIT', 'WITHDRAWAL', 'BUY', 'SALE', 'SETTLEMENT', 'DEBT', 'DEBT_REPAID',
                      'CORRECTION')),
  ADD CHECK ((order_id IS NULL) = (execution_id IS NULL));

ALTER TABLE entry
  ADD CONSTRAINT entry_not_zero CHECK (amount <> 0),
  ADD CONSTRAINT entry_at_exponent CHECK (amount = round(amount, minor_digits(currency)));

ALTER TABLE hold
  ADD CHECK (purpose IN ('ORDER', 'WITHDRAWAL', 'LATE_FILL')),
  ADD CONSTRAINT hold_positive CHECK (amount > 0),
  ADD CONSTRAINT hold_at_exponent CHECK (amount = round(amount, minor_digits(currency)));

ALTER TABLE hold_capture
  ADD CONSTRAINT capture_positive CHECK (amount > 0);

ALTER TABLE hold_resolution
  ADD CHECK (kind IN ('RELEASED', 'EXPIRED', 'CAPTURED')),
  ADD CHECK ((kind = 'CAPTURED') = (amount = 0)),
  ADD CHECK (amount >= 0);

ALTER TABLE order_booking
  ADD CHECK (state IN ('UNKNOWN', 'HELD', 'REFUSED', 'NEVER_HELD')),
  ADD CHECK ((end_executions IS NULL) = (end_version IS NULL)),
  ADD CHECK (booked >= 0);

ALTER TABLE settlement_item
  ADD CHECK (side IN ('BUY', 'SELL')),
  ADD CHECK (value >= 0 AND net >= 0),
  ADD CHECK (side = 'SELL' OR net = 0),
  ADD CHECK (transaction_id IS NULL OR settled_at IS NOT NULL);

-- The settlement job asks for what is due and not yet settled.
-- By id within a day, or each page of a day of a million items would sort them all.
CREATE INDEX settlement_item_open ON settlement_item (due_on, id) WHERE settled_at IS NULL;

ALTER TABLE payment
  ADD CHECK (kind IN ('DEPOSIT', 'WITHDRAWAL')),
  ADD CHECK (status IN ('CREATED', 'SUBMITTED', 'COMPLETED', 'FAILED', 'CANCELED')),
  ADD CONSTRAINT payment_positive CHECK (amount > 0),
  ADD CONSTRAINT payment_at_exponent CHECK (amount = round(amount, minor_digits(currency)));

-- The payment job asks many times a second for what is new, and for what is under way in this order.
CREATE INDEX payment_created ON payment (number) WHERE status = 'CREATED';
CREATE INDEX payment_submitted ON payment (asked_at NULLS FIRST, number) WHERE status = 'SUBMITTED';

-- Keys of money moves never expire, so the job that drops the others must not read them.
CREATE INDEX idempotency_key_expiring ON idempotency_key (expires_at) WHERE expires_at IS NOT NULL;
