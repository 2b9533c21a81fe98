-- What moves an order on later, such as the opening of the market, stays in the trace of the order.
-- Added only: the build before does not know the column and leaves it null.
ALTER TABLE "order_process" ADD COLUMN "traceparent" TEXT;
