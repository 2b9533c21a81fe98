import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedBank, startEmbeddedBank } from '../../tests/support/embedded-bank.ts';
import { openTemporaryFolder } from '../../tools/migrate/shadow.ts';
import { openFolder, passwordOf } from '../../tools/postgres/folder.ts';
import { adminUrl, readPostmaster } from '../../tools/postgres/running.ts';
import { embeddedName } from '../banks/embedded.ts';
import type { ProcessSet } from '../banks/processes.ts';
import { countStatements } from '../statements.ts';

export type BenchBank = {
  readonly webUrl: string;
  readonly processes: ProcessSet;
  /** The server of its databases, as superuser. */
  readonly adminUrl: string;
  readonly dataDir: string;
  close(): Promise<void>;
};

/** The bank as `npm start` runs it, in a folder of its own that is thrown away. */
export async function openBenchBank(
  env: Readonly<Record<string, string>>,
  { countsStatements }: { readonly countsStatements: boolean },
): Promise<BenchBank> {
  const dataDir = openTemporaryFolder('simplebank-bench-');
  const discard = () => rmSync(dataDir, { recursive: true, force: true });
  let bank: EmbeddedBank;
  try {
    if (countsStatements) await countStatements(join(dataDir, 'postgres'));
    bank = await startEmbeddedBank(dataDir, env);
  } catch (error) {
    discard();
    throw error;
  }
  const folder = openFolder(join(dataDir, 'postgres'), () => {});
  const { pid: postmasterPid, port } = readPostmaster(folder) ?? { pid: 0, port: 0 };
  return {
    webUrl: bank.webUrl,
    processes: { programs: { [embeddedName]: bank.process.pid ?? 0 }, postmasterPid },
    adminUrl: adminUrl(port, passwordOf(folder)),
    dataDir,
    close: async () => {
      await bank.stop();
      discard();
    },
  };
}
