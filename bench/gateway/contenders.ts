import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Subgraph, subgraphs } from './shop.ts';

/** The gateway has this core to itself; everything else shares the other one. */
const gatewayCore = '0';
export const otherCore = '1';
const startMsMax = 60_000;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const peers = here('./peers');
const hiveBinary = here('./peers/node_modules/.bin/hive-gateway');
const rustPlanner = here('./peers/node_modules/@graphql-hive/router-runtime/package.json');

type Started = {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};
export type Setting = {
  readonly supergraph: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly keysUrl: string;
};
export type Contender = {
  readonly name: string;
  /** Equal questions of the same moment run once. */
  readonly sharesReads: boolean;
  readonly start: (setting: Setting) => Promise<Started>;
  /** Whether the caller shows a token, as our own callers do. */
  readonly signed: boolean;
};

const canPin = process.platform === 'linux' && existsSync('/usr/bin/taskset');
export const pinned = canPin ? 'the gateway on a core of its own' : 'no cores could be set apart';

/** Moves a running process, with all that it starts, to a core. */
export function pin(pid: number, core: string): void {
  if (canPin) execFileSync('taskset', ['-a', '-p', '-c', core, String(pid)], { stdio: 'ignore' });
}

const env = { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' };

function stopper(child: ChildProcess): () => Promise<void> {
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
}

/** Starts a file of ours that sends its address when it listens. */
async function forked(file: string, args: readonly string[], core: string): Promise<Started> {
  const child = fork(file, [...args], {
    env,
    execArgv: file.endsWith('.ts') ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  pin(child.pid ?? 0, core);
  const told = once(child, 'message', { signal: AbortSignal.timeout(startMsMax) });
  const [url] = await Promise.race([
    told,
    once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended at its start`))),
  ]);
  pin(child.pid ?? 0, core);
  return { url: String(url), pid: child.pid ?? 0, stop: stopper(child) };
}

const startStub = (name: Subgraph): Promise<Started> =>
  forked(here('./stub-process.ts'), [name], otherCore);

const ours = (sharesReads: boolean): Contender => ({
  name: `SimpleBank, equal reads ${sharesReads ? 'shared' : 'not shared'}`,
  sharesReads,
  signed: true,
  start: (setting) =>
    forked(here('./ours-process.ts'), [JSON.stringify({ ...setting, sharesReads })], gatewayCore),
});

const stock: Contender = {
  name: 'Apollo Server and Gateway, stock',
  sharesReads: false,
  signed: false,
  start: ({ supergraph }) => forked(here('./peers/stock.mjs'), [supergraph], gatewayCore),
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function startHive({ supergraph }: Setting, more: readonly string[]): Promise<Started> {
  const port = await freePort();
  const args = ['supergraph', supergraph, '--port', String(port), '--host', '127.0.0.1', ...more];
  const child = spawn(process.execPath, [hiveBinary, ...args], {
    cwd: peers,
    env: { ...env, FORK: '1', LOG_LEVEL: 'error' },
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  pin(child.pid ?? 0, gatewayCore);
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + startMsMax;
  while (!(await answers(url))) {
    if (performance.now() > until || child.exitCode !== null) {
      await stopper(child)();
      throw new Error('it did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  pin(child.pid ?? 0, gatewayCore);
  return { url, pid: child.pid ?? 0, stop: stopper(child) };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
    signal: AbortSignal.timeout(2_000),
  }).then(
    (response) => response.ok,
    () => false,
  );

const hive = (name: string, more: readonly string[]): Contender => ({
  name,
  sharesReads: false,
  signed: false,
  start: (setting) => startHive(setting, more),
});

/** Installed beside the house, when first measured against; null when that cannot be done. */
function installPeers(): boolean {
  if (existsSync(hiveBinary)) return true;
  try {
    const quiet = ['--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', ...quiet], { cwd: peers, stdio: 'ignore', timeout: 180_000 });
  } catch {
    return false;
  }
  return existsSync(hiveBinary);
}

/** Everyone who takes part, and who cannot, with the reason. */
export function contenders(): { readonly present: Contender[]; readonly absent: string[] } {
  const hasHive = installPeers();
  const hasRust = hasHive && existsSync(rustPlanner);
  return {
    present: [
      stock,
      ours(false),
      ours(true),
      ...(hasHive ? [hive('Hive Gateway', ['--jit'])] : []),
      ...(hasRust ? [hive('Hive Gateway, Rust planner', ['-c', 'rust-planner.config.mjs'])] : []),
    ],
    absent: [
      ...(hasHive ? [] : ['Hive Gateway could not be installed']),
      ...(hasRust ? [] : ['the Rust planner of Hive Gateway could not be installed']),
    ],
  };
}

export const startStubs = (): Promise<readonly (readonly [Subgraph, Started])[]> =>
  Promise.all(subgraphs.map(async (name) => [name, await startStub(name)] as const));
