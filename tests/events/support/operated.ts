import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { contexts } from '../../../tools/embedded/settings.ts';
import type { Run } from '../../../tools/operators/command.ts';

export type OperatedBank = {
  readonly databases: Readonly<Record<string, TestDatabase>>;
  /** What an operator's command reads. */
  readonly env: Run['env'];
  readonly drop: () => Promise<void>;
};

/** The databases of all contexts, without a process. */
export async function createOperatedBank(): Promise<OperatedBank> {
  const named = await Promise.all(
    contexts.map(async (name) => [name, await createTestDatabase(name)] as const),
  );
  const env = named.map(([name, { url }]) => [`${name.toUpperCase()}_DATABASE_URL`, url]);
  return {
    databases: Object.fromEntries(named),
    env: Object.fromEntries(env),
    drop: async () => void (await Promise.all(named.map(([, { drop }]) => drop()))),
  };
}

export type Heard = { readonly code: number; readonly said: string; readonly complained: string };
type Command = (
  run: Run,
  voice: { say: (line: string) => void; complain: (line: string) => void },
) => Promise<number>;

/** Runs an operator's command as a terminal would. */
export const listening =
  (command: Command, env: Run['env']) =>
  async (...args: readonly string[]): Promise<Heard> => {
    const said: string[] = [];
    const complained: string[] = [];
    const code = await command(
      { args, env },
      { say: (line) => void said.push(line), complain: (line) => void complained.push(line) },
    );
    return { code, said: said.join('\n'), complained: complained.join('\n') };
  };
