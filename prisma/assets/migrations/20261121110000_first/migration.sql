-- CreateTable
CREATE TABLE "asset" (
    "id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "sector" TEXT,
    "sub_industry" TEXT,
    "currency" TEXT NOT NULL,
    "fractionable" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quote" (
    "asset_id" UUID NOT NULL,
    "bid" DECIMAL(20,6) NOT NULL,
    "ask" DECIMAL(20,6) NOT NULL,
    "last" DECIMAL(20,6) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quote_pkey" PRIMARY KEY ("asset_id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID NOT NULL,
    "roles" TEXT[],
    "command" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "before_digest" TEXT,
    "after_digest" TEXT NOT NULL,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "position" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "aggregate_version" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "inbox_event" (
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "handled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "parked_event" (
    "position" BIGSERIAL NOT NULL,
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT NOT NULL,
    "parked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "parked_event_pkey" PRIMARY KEY ("position")
);

-- CreateIndex
CREATE UNIQUE INDEX "asset_symbol_key" ON "asset"("symbol");

-- CreateIndex
CREATE INDEX "audit_subject_at_idx" ON "audit"("subject", "at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "parked_event_consumer_event_id_key" ON "parked_event"("consumer", "event_id");

-- By hand from here on: what a Prisma schema cannot say.

CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate ON outbox_event (aggregate_id, position) WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
ALTER TABLE parked_event ADD CONSTRAINT parked_event_state CHECK (state IN ('WAITING', 'DEAD'));

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

ALTER TABLE asset
  ADD CONSTRAINT asset_symbol CHECK (symbol ~ '^[A-Z0-9][A-Z0-9.-]{0,11}$'),
  ADD CONSTRAINT asset_type CHECK (type IN ('STOCK', 'ETF', 'FUND', 'BOND', 'CASH')),
  ADD CONSTRAINT asset_state CHECK (state IN ('ACTIVE', 'HALTED', 'SELL_ONLY', 'DELISTED')),
  ADD CONSTRAINT asset_version CHECK (version > 0);

-- States of domain §5: ACTIVE <-> HALTED, ACTIVE <-> SELL_ONLY, any -> DELISTED, which is final.
CREATE FUNCTION check_asset_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = NEW.state
    OR (OLD.state <> 'DELISTED' AND NEW.state = 'DELISTED')
    OR (OLD.state, NEW.state) IN (('ACTIVE', 'HALTED'), ('HALTED', 'ACTIVE'), ('ACTIVE', 'SELL_ONLY'), ('SELL_ONLY', 'ACTIVE'))
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'asset %: no way from % to %', NEW.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER asset_state_way BEFORE UPDATE ON asset FOR EACH ROW EXECUTE FUNCTION check_asset_state();
CREATE TRIGGER asset_kept BEFORE DELETE OR TRUNCATE ON asset FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE quote
  ADD CONSTRAINT quote_positive CHECK (bid > 0 AND last > 0 AND ask > 0),
  ADD CONSTRAINT quote_not_crossed CHECK (bid <= ask);

-- A symbol prefix is found by index; text_pattern_ops serves LIKE 'ABC%' under any collation.
CREATE INDEX asset_symbol_prefix ON asset (symbol text_pattern_ops);

ALTER TABLE audit ADD CONSTRAINT audit_reason CHECK (length(btrim(reason)) > 0);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'assets') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM assets;
    REVOKE DELETE, TRUNCATE ON asset FROM assets;
  END IF;
END $$;
