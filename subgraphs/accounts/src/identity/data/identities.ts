import type { Reader, Tx } from '../../data/client.ts';
import type { Identity, Role } from '../domain/identity.ts';

export type Credentials = { readonly identity: Identity; readonly passwordHash: string };
export type NewIdentity = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly createdAt: Date;
};

/** False when the email is taken. */
export async function insertIdentity(tx: Tx, identity: NewIdentity): Promise<boolean> {
  const data = [{ ...identity, roles: [...identity.roles] }];
  const { count } = await tx.identity.createMany({ data, skipDuplicates: true });
  return count === 1;
}

/** Makes an identity a customer; answers the public number. */
export async function insertCustomer(tx: Tx, id: string): Promise<string> {
  const { number } = await tx.customer.create({ data: { id } });
  return number.toString();
}

export async function findCredentials(db: Reader, email: string): Promise<Credentials | null> {
  const row = await db.identity.findUnique({ where: { email }, include: { customer: true } });
  return row && { identity: toIdentity(row), passwordHash: row.passwordHash };
}

export async function findCredentialsOf(db: Reader, id: string): Promise<Credentials | null> {
  const row = await db.identity.findUnique({ where: { id }, include: { customer: true } });
  return row && { identity: toIdentity(row), passwordHash: row.passwordHash };
}

/**
 * The hash as it is now, kept so until the transaction ends: a password that was right when it was
 * looked at may have been changed since.
 */
export async function lockPasswordHash(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ hash: string }[]>`/* identity.lock-password */
    SELECT password_hash AS hash FROM identity WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return row?.hash ?? null;
}

export type EmailOwner = { readonly id: string; readonly isCustomer: boolean };

/** Whose email it is, kept so until the transaction ends; null when it is nobody's. */
export async function lockEmailOwner(tx: Tx, email: string): Promise<EmailOwner | null> {
  const [owner] = await tx.$queryRaw<EmailOwner[]>`/* identity.lock-email-owner */
    SELECT id::text, EXISTS (SELECT FROM customer WHERE customer.id = identity.id) AS "isCustomer"
    FROM identity WHERE email = ${email} FOR NO KEY UPDATE`;
  return owner ?? null;
}

/** Answers in the order of `ids`, null for unknown ones. */
export async function findIdentities(db: Reader, ids: readonly string[]) {
  const where = { id: { in: [...ids] } };
  const rows = await db.identity.findMany({ where, include: { customer: true } });
  const byId = new Map(rows.map((row) => [row.id, toIdentity(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function replacePasswordHash(tx: Tx, id: string, passwordHash: string) {
  await tx.identity.update({ where: { id }, data: { passwordHash } });
}

type Row = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: string[];
  readonly customer: { readonly number: bigint } | null;
};

export const toIdentity = ({ id, email, name, roles, customer }: Row): Identity => ({
  id,
  email,
  name,
  roles: roles as Role[],
  number: customer?.number.toString() ?? null,
});
