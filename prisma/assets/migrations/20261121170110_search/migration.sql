-- The search has tables of its own, written with the asset they tell of. No extension is needed:
-- `search_near` holds each word under itself and under the word less one letter, and two words one
-- typing error apart have one of these in common.

-- CreateTable
CREATE TABLE "search_document" (
    "asset_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "sector" TEXT,
    "sub_industry" TEXT,
    "currency" TEXT NOT NULL,
    "fractionable" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "tick_from" DECIMAL(20,6)[],
    "tick_size" DECIMAL(20,6)[],
    "folded" TEXT NOT NULL,
    "squashed" TEXT NOT NULL,
    "form" INTEGER NOT NULL,

    CONSTRAINT "search_document_pkey" PRIMARY KEY ("asset_id")
);

-- CreateTable
CREATE TABLE "search_word" (
    "kind" TEXT NOT NULL,
    "word" TEXT NOT NULL,
    "asset_id" UUID NOT NULL,

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("kind","word","asset_id")
);

-- CreateTable
CREATE TABLE "search_near" (
    "term" TEXT NOT NULL,
    "word" TEXT NOT NULL,

    CONSTRAINT "search_near_pkey" PRIMARY KEY ("term","word")
);

-- CreateIndex
CREATE INDEX "search_document_symbol_idx" ON "search_document"("symbol");

-- CreateIndex
CREATE INDEX "search_word_asset_id_idx" ON "search_word"("asset_id");

ALTER TABLE search_word ADD CONSTRAINT search_word_kind CHECK (kind IN ('SYMBOL', 'NAME'));

-- What is registered is listed at once; form 0 has no words yet, and the job of the index adds them.
INSERT INTO search_document
SELECT id, symbol, name, type, sector, sub_industry, currency, fractionable, state, version,
  tick_from, tick_size, lower(name), regexp_replace(lower(name), '[^a-z0-9]', '', 'g'), 0
FROM asset;
