import type { Database, Tx } from './client.ts';

export type Contact = {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
  readonly version: number;
};
export type Account = {
  readonly id: string;
  readonly number: string;
  readonly ownerIds: readonly string[];
  readonly version: number;
};

/** Keeps the highest version of each, whatever the order of arrival. */
export async function saveContacts(tx: Tx, contacts: readonly Contact[]): Promise<void> {
  await tx.$executeRaw`
    /* notifications.save-contacts */
    INSERT INTO contact (customer_id, name, email, version)
    SELECT DISTINCT ON ("customerId") "customerId", name, email, version
    FROM jsonb_to_recordset(${JSON.stringify(contacts)}::jsonb)
      AS input ("customerId" uuid, name text, email text, version int)
    ORDER BY "customerId", version DESC
    ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name, email = excluded.email,
      version = excluded.version
    WHERE contact.version < excluded.version`;
}

/** Keeps the highest version of each, whatever the order of arrival. */
export async function saveAccounts(tx: Tx, accounts: readonly Account[]): Promise<void> {
  await tx.$executeRaw`
    /* notifications.save-accounts */
    INSERT INTO account (id, number, owner_ids, version)
    SELECT DISTINCT ON (id) id, number,
      ARRAY(SELECT jsonb_array_elements_text("ownerIds")::uuid), version
    FROM jsonb_to_recordset(${JSON.stringify(accounts)}::jsonb)
      AS input (id uuid, number text, "ownerIds" jsonb, version int)
    ORDER BY id, version DESC
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, owner_ids = excluded.owner_ids,
      version = excluded.version
    WHERE account.version < excluded.version`;
}

/** Answers in the order of `ids`, as DataLoader requires; unknown customers answer null. */
export async function findContacts(
  db: Database,
  ids: readonly string[],
): Promise<readonly (Contact | null)[]> {
  const rows = await db.contact.findMany({ where: { customerId: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.customerId, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function findAccounts(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Account>> {
  const rows = await tx.account.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.id, row]));
}
