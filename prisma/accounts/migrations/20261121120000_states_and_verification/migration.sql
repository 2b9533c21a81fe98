-- AlterTable
ALTER TABLE "account" ADD COLUMN     "changed_by" TEXT NOT NULL DEFAULT 'OPEN';

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "ends_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "account_transition" (
    "from_status" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,

    CONSTRAINT "account_transition_pkey" PRIMARY KEY ("from_status","trigger","to_status")
);

-- CreateTable
CREATE TABLE "account_status_change" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "from_status" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_status_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_order" (
    "order_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "ended" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_order_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "account_position" (
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "quantity" DECIMAL(28,9) NOT NULL,
    "version" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_position_pkey" PRIMARY KEY ("account_id","asset_id")
);

-- CreateTable
CREATE TABLE "verification" (
    "customer_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "reasons" TEXT[],
    "changed_by" TEXT NOT NULL,
    "request_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "verification_transition" (
    "from_status" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,

    CONSTRAINT "verification_transition_pkey" PRIMARY KEY ("from_status","event","to_status")
);

-- CreateTable
CREATE TABLE "verification_profile" (
    "customer_id" UUID NOT NULL,
    "legal_name" TEXT NOT NULL,
    "date_of_birth" DATE NOT NULL,
    "street" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "region" TEXT,
    "postal_code" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "identity_number" BYTEA NOT NULL,
    "identity_nonce" BYTEA NOT NULL,
    "identity_key" TEXT NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_profile_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "verification_request" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "answered_at" TIMESTAMPTZ(3),
    "answer" TEXT,

    CONSTRAINT "verification_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "account_status_change_account_id_id_idx" ON "account_status_change"("account_id", "id");

-- CreateIndex
CREATE INDEX "verification_profile_identity_key_idx" ON "verification_profile"("identity_key");

-- CreateIndex
CREATE INDEX "verification_request_customer_id_idx" ON "verification_request"("customer_id");

-- CreateIndex
CREATE INDEX "session_ends_at_idx" ON "session"("ends_at");

-- AddForeignKey
ALTER TABLE "account_status_change" ADD CONSTRAINT "account_status_change_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification" ADD CONSTRAINT "verification_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification_profile" ADD CONSTRAINT "verification_profile_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification_request" ADD CONSTRAINT "verification_request_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
