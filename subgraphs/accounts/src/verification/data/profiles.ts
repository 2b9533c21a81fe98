import type { Reader, Tx } from '../../data/client.ts';
import type { Profile } from '../domain/profile.ts';

/** An encrypted text and what is needed to read it. */
type Sealed = { readonly keyId: string; readonly nonce: Buffer; readonly bytes: Buffer };
export type SealedProfile = Omit<Profile, 'identityNumber'> & { readonly identityNumber: Sealed };

export type ProfileRow = {
  readonly customerId: string;
  readonly profile: SealedProfile;
  readonly submittedAt: Date;
};

/** The latest profile replaces the one before. */
export async function saveProfile(tx: Tx, { customerId, profile, submittedAt }: ProfileRow) {
  const { legalName, address, country, identityNumber: sealed } = profile;
  const row = {
    ...{ legalName, ...address, country, submittedAt },
    dateOfBirth: new Date(`${profile.dateOfBirth}T00:00:00Z`),
    ...sealedColumns(sealed),
  };
  const where = { customerId };
  await tx.verificationProfile.upsert({ where, create: { customerId, ...row }, update: row });
}

export async function findProfile(db: Reader, customerId: string): Promise<SealedProfile | null> {
  const row = await db.verificationProfile.findUnique({ where: { customerId } });
  if (!row) return null;
  const { legalName, street, city, region, postalCode, country } = row;
  return {
    legalName,
    dateOfBirth: row.dateOfBirth.toISOString().slice(0, 10),
    address: { street, city, region, postalCode },
    country,
    identityNumber: sealedOf(row),
  };
}

export type SealedNumber = { readonly customerId: string; readonly sealed: Sealed };

/** Identity numbers that another key than this one encrypted, locked, at most `max`. */
export async function lockSealedOtherwise(tx: Tx, keyId: string, max: number) {
  const ids = await tx.$queryRaw<{ id: string }[]>`/* verification.sealed-otherwise */
    SELECT customer_id::text AS id FROM verification_profile WHERE identity_key <> ${keyId}
    ORDER BY identity_key LIMIT ${max} FOR UPDATE SKIP LOCKED`;
  const rows = await tx.verificationProfile.findMany({
    where: { customerId: { in: ids.map(({ id }) => id) } },
  });
  return rows.map((row): SealedNumber => ({ customerId: row.customerId, sealed: sealedOf(row) }));
}

export async function replaceSealed(tx: Tx, { customerId, sealed }: SealedNumber): Promise<void> {
  const data = sealedColumns(sealed);
  await tx.verificationProfile.update({ where: { customerId }, data });
}

const sealedColumns = ({ bytes, nonce, keyId }: Sealed) => ({
  identityNumber: Uint8Array.from(bytes),
  identityNonce: Uint8Array.from(nonce),
  identityKey: keyId,
});

type SealedRow = {
  readonly identityNumber: Uint8Array;
  readonly identityNonce: Uint8Array;
  readonly identityKey: string;
};

const sealedOf = ({ identityNumber, identityNonce, identityKey }: SealedRow): Sealed => ({
  keyId: identityKey,
  nonce: Buffer.from(identityNonce),
  bytes: Buffer.from(identityNumber),
});
