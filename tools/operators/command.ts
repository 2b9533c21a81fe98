import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { type Subscriber, subscribers } from '@simplebank/contracts/subscriptions';
import { type Environment, StartRefused } from '../embedded/settings.ts';
import { StartProblem } from '../postgres/problem.ts';
import { CannotReconcile, findDatabases } from '../reconcile/where.ts';
import { closeDoors, type Doors, openDoors } from './doors.ts';

/** What an operator asked for cannot be done as asked; its message says why. Exit code 1. */
export class Refused extends Error {}
/** What was typed is no command. Exit code 2, after the usage. */
export class NotUnderstood extends Error {}

export type Run = { readonly args: readonly string[]; readonly env: Environment };
export type Voice = {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
};

const refusedCode = 1;
const couldNotRunCode = 2;

export type Typed = {
  readonly verb: string;
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
};

type Flags = Readonly<Record<string, 'string' | 'boolean'>>;

/** @throws NotUnderstood when a flag is unknown or lacks its value */
export function typed(args: readonly string[], flags: Flags): Typed {
  const options = Object.fromEntries(Object.entries(flags).map(([name, type]) => [name, { type }]));
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb = '', ...words] = read.positionals;
    return { verb, words, flags: read.values as Typed['flags'] };
  } catch (error) {
    throw new NotUnderstood(error instanceof Error ? error.message : String(error));
  }
}

/** The text of a flag; null when it was not given. */
export function text({ flags }: Typed, name: string): string | null {
  const value = flags[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** @throws NotUnderstood when the flag was not given */
export function required(command: Typed, name: string): string {
  const value = text(command, name);
  if (value === null) throw new NotUnderstood(`--${name} is missing.`);
  return value;
}

/** @throws NotUnderstood for a name that no context has */
export function contextNamed(name: string): Subscriber {
  const found = subscribers.find((one) => one === name);
  if (!found) throw new NotUnderstood(`${name} is none of ${subscribers.join(', ')}.`);
  return found;
}

/** Whoever is named by `--by`, else whoever is signed in to this machine; and why. */
export const byWhom = (command: Typed) => ({
  actor: text(command, 'by') ?? userInfo().username,
  reason: required(command, 'reason'),
});

export type Work = (doors: Doors, databaseUrls: Readonly<Record<string, string>>) => Promise<void>;

/** Finds the bank as the reconciler does, works, and closes what it opened. */
export async function withDoors(env: Environment, work: Work): Promise<void> {
  const urls = await findDatabases(env);
  const doors = openDoors(urls);
  try {
    await work(doors, urls);
  } finally {
    await closeDoors(doors);
  }
}

const isExplained = (error: unknown): error is Error =>
  error instanceof CannotReconcile ||
  error instanceof StartRefused ||
  error instanceof StartProblem;

/** Runs a command; answers 0, 1 when it was refused, 2 when it could not be run. */
export async function exitCodeOf(
  work: () => Promise<void>,
  { usage, voice }: { readonly usage: string; readonly voice: Voice },
): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (error instanceof Refused) {
      voice.complain(error.message);
      return refusedCode;
    }
    if (error instanceof NotUnderstood) voice.complain(`${error.message}\n\n${usage}`);
    else if (isExplained(error)) voice.complain(error.message);
    else voice.complain(`It failed: ${error instanceof Error ? error.message : String(error)}`);
    return couldNotRunCode;
  }
}
