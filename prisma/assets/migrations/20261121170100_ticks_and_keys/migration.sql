-- The tick table of an asset is data: from which price on which tick holds, lowest first. What is
-- known already, and what a process of the release before registers, has the usual two rungs.
ALTER TABLE "asset"
  ADD COLUMN "tick_from" DECIMAL(20,6)[] DEFAULT ARRAY[0, 1]::DECIMAL(20,6)[],
  ADD COLUMN "tick_size" DECIMAL(20,6)[] DEFAULT ARRAY[0.0001, 0.01]::DECIMAL(20,6)[];

CREATE FUNCTION is_tick_table(froms numeric[], sizes numeric[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(cardinality(froms) BETWEEN 1 AND 20 AND cardinality(sizes) = cardinality(froms)
    AND froms[1] = 0
    AND (SELECT bool_and(step.at IS NOT NULL AND step.size > 0
        AND (step.n = 1 OR step.at > froms[step.n::int - 1]))
      FROM unnest(froms, sizes) WITH ORDINALITY AS step (at, size, n)), false)
$$;
ALTER TABLE asset ADD CONSTRAINT asset_ticks CHECK (is_tick_table(tick_from, tick_size));

-- What others have learned of an asset holds for ever, and each change has a version of its own.
CREATE FUNCTION keep_asset_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.symbol, NEW.type, NEW.currency, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.symbol, OLD.type, OLD.currency, OLD.created_at)
  THEN
    RAISE EXCEPTION 'asset %: its symbol, type and currency stay', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.version < OLD.version OR (NEW.version = OLD.version AND NEW.state <> OLD.state) THEN
    RAISE EXCEPTION 'asset %: version % follows %', OLD.id, NEW.version, OLD.version
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER asset_terms_kept BEFORE UPDATE ON asset
  FOR EACH ROW EXECUTE FUNCTION keep_asset_terms();

-- CreateTable
CREATE TABLE "idempotency_key" (
    "owner" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("owner","key")
);

CREATE INDEX idempotency_key_ending ON idempotency_key (expires_at) WHERE expires_at IS NOT NULL;
ALTER TABLE idempotency_key ADD CONSTRAINT idempotency_key_text
  CHECK (key ~ '^[\x20-\x7e]{1,128}$');

-- A quote says how much stands behind its prices when its source does. `last` lies between them;
-- quotes of the release before may not, and are replaced by the next.
ALTER TABLE "quote" ADD COLUMN "bid_size" DECIMAL(28,9), ADD COLUMN "ask_size" DECIMAL(28,9);
ALTER TABLE quote
  ADD CONSTRAINT quote_sizes CHECK (bid_size >= 0 AND ask_size >= 0),
  ADD CONSTRAINT quote_last_between CHECK (bid <= last AND last <= ask) NOT VALID;

CREATE FUNCTION keep_newest_quote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence < OLD.sequence THEN
    RAISE EXCEPTION 'quote of %: sequence % comes before %', OLD.asset_id, NEW.sequence, OLD.sequence
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER quote_only_newer BEFORE UPDATE ON quote
  FOR EACH ROW EXECUTE FUNCTION keep_newest_quote();
