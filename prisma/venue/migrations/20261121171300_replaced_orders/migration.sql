-- CreateTable
CREATE TABLE "book_rebase" (
    "client_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9),
    "outcome" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "book_rebase_pkey" PRIMARY KEY ("client_id","action_id")
);

-- CreateIndex
CREATE INDEX "book_report_client_id_idx" ON "book_report"("client_id");

ALTER TABLE book_rebase ADD CONSTRAINT book_rebase_outcome CHECK (outcome IN ('REPLACED', 'ENDED'));

-- An order is put on the basis of a split once, and gets the same answer ever after.
CREATE TRIGGER book_rebase_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON book_rebase
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'venue') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON book_rebase FROM venue;
  END IF;
END $$;
