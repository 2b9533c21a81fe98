import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StartProblem } from './problem.ts';

type Holder = { readonly pid: number; readonly born: string };

/**
 * When the process began, so that a number used again by another process is not taken for it.
 * One that was killed and waits for its parent to notice began never: it holds nothing any more.
 */
function bornAt(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : `${boot}:${fields[19]}`;
  } catch {
    return '';
  }
}

/** Whether a process with this number runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const lives = ({ pid, born }: Holder): boolean => isAlive(pid) && bornAt(pid) === born;

/**
 * Takes the data folder for this process; gives back how to let it go.
 * @throws StartProblem naming the process that has it
 */
export function takeLock(file: string, folder: string): () => void {
  const mine: Holder = { pid: process.pid, born: bornAt(process.pid) };
  const held = readHolder(file);
  if (held && held.pid !== mine.pid && lives(held)) throw taken(held, folder);
  if (held || !create(file, mine)) {
    // Left by a process that is gone. Renaming is won by one of two who try at once.
    const stale = `${file}.${mine.pid}`;
    try {
      renameSync(file, stale);
      rmSync(stale, { force: true });
    } catch {}
    if (!create(file, mine)) throw taken(readHolder(file) ?? mine, folder);
  }
  return () => {
    if (readHolder(file)?.pid === mine.pid) rmSync(file, { force: true });
  };
}

function create(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

const taken = ({ pid }: Holder, folder: string) =>
  new StartProblem(
    `${folder} is in use by the bank of process ${pid}`,
    'stop that one, or give this one a folder of its own in SIMPLEBANK_DATA_DIR',
  );
