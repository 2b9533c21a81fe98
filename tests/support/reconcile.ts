import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What `npm run reconcile -- --json` tells. */
export type ToldReport = {
  readonly drift: readonly { readonly law: string; readonly accountId: string | null }[];
  readonly inFlight: readonly object[];
  readonly checked: { readonly orders: number; readonly accounts: number; readonly assets: number };
};

type Asked = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
};
export type Answered = {
  readonly code: number | null;
  readonly said: string;
  readonly complained: string;
};

/** The command as an operator runs it. */
export async function runReconciler({ args, env }: Asked): Promise<Answered> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/reconcile.ts', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code, said, complained };
}

/** Reconciles the embedded bank of this data folder; throws when it could not be compared. */
export async function reconcileEmbedded(
  dataDir: string,
): Promise<{ readonly code: number | null; readonly report: ToldReport }> {
  const env = { SIMPLEBANK_DATA_DIR: dataDir };
  const { code, said, complained } = await runReconciler({ args: ['--json'], env });
  if (code === 2) throw new Error(complained);
  return { code, report: JSON.parse(said) as ToldReport };
}
