-- A session of a phone is bound to a key that never leaves the phone; those from before have none.
-- AlterTable
ALTER TABLE "session" ADD COLUMN     "device_thumbprint" TEXT;

-- CreateTable
CREATE TABLE "device_proof" (
    "id" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "device_proof_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "device_proof_used_at_idx" ON "device_proof"("used_at");

-- SHA-256 as RFC 7638 writes it.
ALTER TABLE session
  ADD CONSTRAINT session_device_thumbprint CHECK (device_thumbprint ~ '^[A-Za-z0-9_-]{43}$');

-- Whoever could change the key of a session could take the session over.
CREATE FUNCTION guard_session_device() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'session % stays with its device', OLD.id
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER session_device_stays BEFORE UPDATE OF device_thumbprint ON session FOR EACH ROW
  WHEN (NEW.device_thumbprint IS DISTINCT FROM OLD.device_thumbprint)
  EXECUTE FUNCTION guard_session_device();
