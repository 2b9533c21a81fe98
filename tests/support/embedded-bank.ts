import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A first start writes two years; a crowded machine takes many times what a quiet one does. */
const readyWithinMs = 400_000;
const closedWithinMs = 20_000;

/** The bank as a stranger runs it: one process of its own, with free ports and its own data. */
export type EmbeddedBank = {
  readonly webUrl: string;
  readonly process: ChildProcess;
  /** Everything that it printed so far. */
  readonly output: () => string;
  /** SIGKILL: no goodbye; PostgreSQL goes on running. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, as Ctrl-C does; answers the exit code. */
  readonly stop: () => Promise<number | null>;
};

const webAddress = /web\s+(http:\/\/\S+\/graphql)/;

/** Starts `npm start`'s program on a data folder and resolves when it has told its addresses. */
export async function startEmbeddedBank(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<EmbeddedBank> {
  const ports = { WEB_PORT: '0', MOBILE_PORT: '0', FEDERATION_PORT: '0' };
  const { REDIS_URL, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/start.ts'], {
    env: { ...inherited, ...ports, SIMPLEBANK_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const webUrl = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready: ${printed}`)), readyWithinMs);
    const hear = (chunk: Buffer) => {
      printed += chunk.toString();
      const [, url] = webAddress.exec(printed) ?? [];
      if (!url) return;
      clearTimeout(late);
      resolve(url);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`ended with ${code} before it was ready: ${printed}`));
    });
  });
  const ended = once(child, 'exit');
  return {
    webUrl,
    process: child,
    output: () => printed,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      const late = setTimeout(() => child.kill('SIGKILL'), closedWithinMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(late);
      return child.exitCode;
    },
  };
}
