import { prepareDatabases } from '../../../tools/migrate/databases.ts';
import { contextsWithDatabase } from '../../../tools/migrate/history.ts';
import { startThrowAwayServer } from '../../support/test-server.ts';

export type BankServer = {
  readonly adminUrl: string;
  /** As each role, in its own database. */
  readonly urls: Readonly<Record<string, string>>;
  readonly contexts: readonly string[];
  readonly close: () => Promise<void>;
};

/** A server with the databases and roles of the whole bank, as `npm start` makes them. */
export async function prepareBankServer(): Promise<BankServer> {
  const { adminUrl, close } = await startThrowAwayServer();
  const contexts = contextsWithDatabase();
  try {
    const passwordOf = (name: string) => `secret-of-${name}`;
    const urls = await prepareDatabases({ adminUrl, contexts, passwordOf });
    return { adminUrl, urls, contexts, close };
  } catch (error) {
    await close();
    throw error;
  }
}
