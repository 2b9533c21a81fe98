-- A split moves the limit of an order by amount, which has no quantity.
ALTER TABLE "venue_rebase" ALTER COLUMN "quantity" DROP NOT NULL;
