-- Since when the first source of quotes has had none for an asset, while it was asked; and when
-- both were asked in vain, so that such an asset waits behind the others.
ALTER TABLE "instrument"
  ADD COLUMN "silent_since" TIMESTAMPTZ(3),
  ADD COLUMN "asked_at" TIMESTAMPTZ(3);
