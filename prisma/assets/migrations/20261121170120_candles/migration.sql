-- CreateTable
CREATE TABLE "candle" (
    "asset_id" UUID NOT NULL,
    "interval" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "open" DECIMAL(20,6) NOT NULL,
    "high" DECIMAL(20,6) NOT NULL,
    "low" DECIMAL(20,6) NOT NULL,
    "close" DECIMAL(20,6) NOT NULL,
    "open_sequence" BIGINT NOT NULL,
    "close_sequence" BIGINT NOT NULL,

    CONSTRAINT "candle_pkey" PRIMARY KEY ("asset_id","interval","starts_at")
);

-- CreateTable
CREATE TABLE "price_close" (
    "date" DATE NOT NULL,
    "asset_id" UUID NOT NULL,
    "close" DECIMAL(20,6) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "price_close_pkey" PRIMARY KEY ("date","asset_id")
);

-- By hand: what a Prisma schema cannot say.

ALTER TABLE candle
  ADD CONSTRAINT candle_interval CHECK (interval IN ('MINUTE', 'HOUR', 'DAY')),
  ADD CONSTRAINT candle_prices
    CHECK (low > 0 AND low <= open AND low <= close AND high >= open AND high >= close),
  ADD CONSTRAINT candle_sequences CHECK (open_sequence <= close_sequence);
CREATE INDEX candle_minutes ON candle (starts_at) WHERE interval = 'MINUTE';
CREATE INDEX candle_days ON candle (starts_at) WHERE interval = 'DAY';

-- A candle only ever grows: whatever comes late may widen it, and takes nothing back.
CREATE FUNCTION keep_candle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.high < OLD.high OR NEW.low > OLD.low OR NEW.open_sequence > OLD.open_sequence
    OR NEW.close_sequence < OLD.close_sequence
  THEN
    RAISE EXCEPTION 'candle of % at % would shrink', OLD.asset_id, OLD.starts_at
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER candle_grows BEFORE UPDATE ON candle FOR EACH ROW EXECUTE FUNCTION keep_candle();

-- Minutes are kept for some days, hours and days for ever.
CREATE FUNCTION keep_long_candles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.interval <> 'MINUTE' THEN
    RAISE EXCEPTION 'candles of a % are kept', lower(OLD.interval)
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER candle_kept BEFORE DELETE ON candle
  FOR EACH ROW EXECUTE FUNCTION keep_long_candles();

ALTER TABLE price_close
  ADD CONSTRAINT price_close_positive CHECK (close > 0),
  ADD CONSTRAINT price_close_version CHECK (version > 0);

-- A close changes only with a new version, and is never taken back.
CREATE FUNCTION keep_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <= OLD.version OR (NEW.date, NEW.asset_id) <> (OLD.date, OLD.asset_id) THEN
    RAISE EXCEPTION 'close of % on %: version % follows %',
      OLD.asset_id, OLD.date, NEW.version, OLD.version USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER price_close_version BEFORE UPDATE ON price_close
  FOR EACH ROW EXECUTE FUNCTION keep_close();
CREATE TRIGGER price_close_kept BEFORE DELETE OR TRUNCATE ON price_close
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'assets') THEN
    REVOKE DELETE, TRUNCATE ON price_close FROM assets;
    REVOKE TRUNCATE ON candle FROM assets;
  END IF;
END $$;
