-- Pages of an account's lots and gains, whatever the assets, read one index each.
CREATE INDEX lot_of_account ON lot (account_id, acquired_at, id);
CREATE INDEX execution_sales_of_account ON execution (account_id, executed_at, order_id, execution_id)
  WHERE side = 'SELL';
