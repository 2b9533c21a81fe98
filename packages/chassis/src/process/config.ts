import { z } from 'zod';

/** The environment of a process, or a made-up one: one env can configure the whole bank. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The real environment. Only configuration reads it. */
export const processEnv: Env = process.env;

/** sysexits(3) EX_CONFIG: a supervisor need not restart a process that cannot start. */
export const configExitCode = 78;

/** Names every variable that is wrong and what was expected, never what it held. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the variables that `shape` names; an empty value counts as not set.
 * The result is frozen. Throws ConfigError with every problem at once; `runProcess` exits with 78.
 */
export function readConfig<S extends z.ZodRawShape>(
  shape: S,
  env: Env,
): Readonly<z.infer<z.ZodObject<S>>> {
  const given = Object.keys(shape).map((name) => [name, env[name] === '' ? undefined : env[name]]);
  const read = z.object(shape).safeParse(Object.fromEntries(given));
  if (read.success) return Object.freeze(read.data);

  throw new ConfigError(read.error.issues.map((issue) => problem(issue, env)));
}

function problem({ path, message }: z.core.$ZodIssue, env: Env): string {
  const name = String(path[0]);
  return env[name] ? `${name}: ${message}` : `${name}: is not set (${message})`;
}

const portMax = 65_535;

/** A TCP port; 0 asks the system for a free one. */
export const port = z
  .string('expected a port, 0 to 65535')
  .regex(/^\d{1,5}$/, 'expected a port, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= portMax, 'expected a port, 0 to 65535');

/** An absolute URL of any scheme (`postgresql://`, `redis://`, `http://`). */
export const url = z.url('expected an absolute URL');

/** Where a door listens; the outside reaches it only when told so. */
export const host = z.string('expected a host name or address').min(1).max(253);
export const defaultHost = '127.0.0.1';

/** A whole number within bounds, written in digits. */
export const count = ({ min, max }: { min: number; max: number }) => {
  const expected = `expected a whole number, ${min} to ${max}`;
  return z
    .string(expected)
    .regex(/^\d{1,15}$/, expected)
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected);
};

export const logLevels = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logLevel = z
  .enum(logLevels, `expected one of ${logLevels.join(', ')}`)
  .default('INFO');

/** A value that is itself JSON text, such as a key set. */
export const jsonText = z
  .string('expected JSON text')
  .refine(isJsonObject, 'expected a JSON object');

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
