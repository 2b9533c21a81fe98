-- An order's executions are told apart by their numbers: a late one that overtakes an earlier one
-- does not stand in for it, or the order's hold would go back too early.
ALTER TABLE "order_booking" ADD COLUMN "ahead" INTEGER[] DEFAULT ARRAY[]::INTEGER[];
