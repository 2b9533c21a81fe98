import type { Environment } from '../../tools/embedded/settings.ts';
import { runReconcile } from '../../tools/reconcile/run.ts';

/** The last line of the reconciler's report; throws all of it on drift. */
export async function booksAgree(env: Environment): Promise<string> {
  const said: string[] = [];
  const hear = (line: string) => void said.push(line);
  const code = await runReconcile({ args: ['--wait', '10s'], env }, { say: hear, complain: hear });
  if (code !== 0) throw new Error(`the books have drifted:\n${said.join('\n')}`);
  return said.join('\n').split('\n').at(-1) ?? '';
}
