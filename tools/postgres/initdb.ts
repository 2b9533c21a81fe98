import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Binaries, program } from './binaries.ts';
import { type Folder, handOver } from './folder.ts';
import { codeOf, StartProblem } from './problem.ts';
import { run } from './run.ts';

export const adminUser = 'postgres';
/** What initdb itself writes: about 40 MB, and its log segments. */
const emptyServerBytes = 64 * 1024 * 1024;

const settings = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/** Makes an empty server in one step: a start killed half-way leaves nothing that counts. */
export async function makeData(
  folder: Folder,
  binaries: Binaries,
  password: string,
): Promise<void> {
  const draft = `${folder.data}.new`;
  const passwordFile = join(folder.reserve, 'password.new');
  rmSync(draft, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  try {
    mkdirSync(draft, { mode: 0o700 });
    handOver(draft, folder.identity);
    writeFileSync(passwordFile, password, { mode: 0o600 });
    handOver(passwordFile, folder.identity);
    await run(program(binaries, 'initdb'), {
      args: [
        '-D',
        draft,
        '-U',
        adminUser,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        ...settings,
      ],
      folder,
    });
    renameSync(draft, folder.data);
  } catch (error) {
    throw roomFor(folder) ? error : diskFull(folder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** initdb, out of room, may say no more than that a program of its own was killed. */
function roomFor({ reserve }: Folder): boolean {
  const { bavail, bsize } = statfsSync(reserve);
  return bavail * bsize > emptyServerBytes;
}

const diskFull = ({ reserve }: Folder) =>
  new StartProblem(`the disk of ${reserve} has no room for a database`, 'free 200 MB or more');

/**
 * Makes sure that the data can be read and is of this PostgreSQL's major version.
 * @throws StartProblem when it is not
 */
export function checkData({ data, home }: Folder, { major }: Binaries): void {
  const file = join(data, 'PG_VERSION');
  try {
    const found = readFileSync(file, 'utf8').trim();
    if (found === major) return;
    throw new StartProblem(
      `${home} holds data of PostgreSQL ${found}, and this SimpleBank brings ${major}`,
      'start the release that made it, or clear the data with npm run reset',
    );
  } catch (error) {
    if (error instanceof StartProblem) throw error;
    if (codeOf(error) === 'ENOENT' && existsSync(data)) {
      throw new StartProblem(`${data} is no PostgreSQL data`, 'move it away, or run npm run reset');
    }
    throw new StartProblem(
      `${data} cannot be read (${codeOf(error)})`,
      'start as the user who made it, or set SIMPLEBANK_DATA_DIR to a folder of yours',
    );
  }
}
