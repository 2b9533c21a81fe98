-- CreateTable
CREATE TABLE "contact" (
    "customer_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "owner_ids" UUID[],
    "version" INTEGER NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "traceparent" TEXT,
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_attempt" (
    "notification_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "error" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delivery_attempt_pkey" PRIMARY KEY ("notification_id","attempt")
);

-- CreateTable
CREATE TABLE "in_app_message" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "in_app_message_pkey" PRIMARY KEY ("id")
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
CREATE UNIQUE INDEX "notification_event_id_customer_id_channel_key" ON "notification"("event_id", "customer_id", "channel");

-- CreateIndex
CREATE INDEX "in_app_message_customer_id_created_at_idx" ON "in_app_message"("customer_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "parked_event_consumer_event_id_key" ON "parked_event"("consumer", "event_id");

-- AddForeignKey
ALTER TABLE "delivery_attempt" ADD CONSTRAINT "delivery_attempt_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Messaging: what is not sent yet, and what waits to be tried again.
CREATE INDEX outbox_event_unpublished ON outbox_event (position) WHERE published_at IS NULL;
CREATE INDEX outbox_event_unpublished_aggregate
  ON outbox_event (aggregate_id, position) WHERE published_at IS NULL;
CREATE INDEX parked_event_due ON parked_event (consumer, next_attempt_at) WHERE state = 'WAITING';
CREATE INDEX parked_event_aggregate ON parked_event (consumer, aggregate_id);
ALTER TABLE parked_event ADD CONSTRAINT parked_event_state CHECK (state IN ('WAITING', 'DEAD'));

-- Notifications.
ALTER TABLE notification
  ADD CONSTRAINT notification_state CHECK (state IN ('QUEUED', 'SENT', 'FAILED', 'SUPPRESSED')),
  ADD CONSTRAINT notification_channel CHECK (channel IN ('IN_APP', 'EMAIL', 'PUSH', 'SMS')),
  ADD CONSTRAINT notification_ended CHECK ((state = 'QUEUED') = (ended_at IS NULL));
CREATE INDEX notification_due ON notification (next_attempt_at) WHERE state = 'QUEUED';
ALTER TABLE delivery_attempt ADD CONSTRAINT delivery_attempt_outcome
  CHECK (outcome IN ('SENT', 'FAILED'));

-- Append-only tables refuse change by trigger, and the service role has no grant for it.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER delivery_attempt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_attempt
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notifications') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON delivery_attempt FROM notifications;
  END IF;
END $$;
