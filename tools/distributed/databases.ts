import { databaseOwners } from '../embedded/settings.ts';
import { dropHalfPast } from '../history/half-past.ts';
import { prepareDatabases, queueDatabase, urlAs } from '../migrate/databases.ts';

export type FleetDatabase = {
  /** As the context's own role. */
  readonly url: string;
  /** As the superuser, in the same database. */
  readonly adminUrl: string;
};

export type FleetDatabases = {
  readonly all: Readonly<Record<string, FleetDatabase>>;
  readonly drop: () => Promise<void>;
};

export type DatabaseWishes = {
  readonly adminUrl: string;
  /** Before the name of each database. */
  readonly prefix: string;
  readonly passwordOf: (name: string) => string;
};

/** One database per context and one for the venue, migrated, with the roles that may use them. */
export async function openDatabases(wishes: DatabaseWishes): Promise<FleetDatabases> {
  const { adminUrl, prefix, passwordOf } = wishes;
  const contexts = databaseOwners;
  const named = [...contexts, queueDatabase].map((name) => `${prefix}${name}`);
  const drop = () => dropHalfPast(adminUrl, named);
  try {
    const options = { adminUrl, contexts, passwordOf, databasePrefix: prefix };
    const urls = await prepareDatabases(options);
    const entries = contexts.map((name) => {
      const own = { url: urls[name] ?? '', adminUrl: urlAs(adminUrl, { database: prefix + name }) };
      return [name, own] as const;
    });
    return { all: Object.fromEntries(entries), drop };
  } catch (error) {
    if (prefix !== '') await drop().catch(() => undefined);
    throw error;
  }
}
