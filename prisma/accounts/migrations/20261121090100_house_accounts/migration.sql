-- House accounts keep no running balance (domain 2.5, rule 8) and stand outside every customer.
CREATE UNIQUE INDEX ledger_account_house ON ledger_account (kind, currency) WHERE account_id IS NULL;

INSERT INTO ledger_account (kind, currency)
VALUES ('bank', 'USD'), ('clearing', 'USD'), ('commission', 'USD'), ('sec-fee', 'USD'),
       ('taf-fee', 'USD'), ('dividends', 'USD'), ('error', 'USD');
