import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';

/** What cannot be verified, in one line for the one who fed it. */
export class InputProblem extends Error {}

/** One line of the answer. */
export type Verdict = {
  readonly id: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly ok: boolean;
  /** What was not looked at. */
  readonly note?: string;
};
export type Case<T> = { readonly id: string; readonly given: T };
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Expected and actual in the same words, so that equal means equal. */
export const verdict = (id: string, expected: unknown, actual: unknown): Verdict => ({
  ...{ id, expected, actual },
  ok: isDeepStrictEqual(expected, actual),
});

type Format<T> = {
  readonly list: string;
  readonly schema: z.ZodType<T>;
  /** The name of a case that bears none; null when it cannot be told. */
  readonly nameOf?: (raw: Fields) => string | null;
};

/** The cases of one list of a file, none when the file has no such list. */
export function casesOf<T>(file: Fields, { list, schema, nameOf }: Format<T>): readonly Case<T>[] {
  const raws = file[list] ?? [];
  if (!Array.isArray(raws)) throw new InputProblem(`${list} must be a list of cases`);
  return raws.map((raw, index) => {
    const id = idOf(raw, nameOf) ?? `${list}[${index}]`;
    return { id, given: read(id, raw, schema) };
  });
}

function idOf(raw: unknown, nameOf: Format<unknown>['nameOf']): string | null {
  if (!isFields(raw)) return null;
  const { id } = raw;
  return typeof id === 'string' && id !== '' ? id : (nameOf?.(raw) ?? null);
}

/** Reads a case, or tells the first field that nobody here understands. */
export function read<T>(id: string, raw: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) throw new Error(`case ${id} was refused without a reason`);
  const stray = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = pathText(stray === undefined ? issue.path : [...issue.path, stray]);
  const words = stray === undefined ? issue.message : 'is not part of the format';
  throw new InputProblem(field ? `case ${id}: field ${field} ${words}` : `case ${id} ${words}`);
}

/** `fills[0].price` */
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
