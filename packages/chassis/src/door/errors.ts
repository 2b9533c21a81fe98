import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../process/logging.ts';
import { badInputOf } from './bad-input.ts';

export type PublicCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_INPUT'
  | 'DEADLINE_EXCEEDED';

export type PublicErrorExtensions = {
  /** Which argument or input field is meant, as a path such as `input.quantity`. */
  readonly field?: string | undefined;
  /** For the log only; no answer shows it. */
  readonly cause?: unknown;
};

/** The caller's fault, in words safe to show. Every other error leaves as INTERNAL. */
export class PublicError extends GraphQLError {
  readonly code: PublicCode;

  constructor(code: PublicCode, message: string, { field, cause }: PublicErrorExtensions = {}) {
    super(message, { extensions: field === undefined ? { code } : { code, field } });
    this.name = 'PublicError';
    this.code = code;
    if (cause !== undefined) this.cause = cause;
  }
}

export type FormatError = (
  formatted: GraphQLFormattedError,
  error: unknown,
) => GraphQLFormattedError;

export type ErrorMask = {
  /** For Apollo: public errors pass, the caller's malformed requests pass, the rest is masked. */
  readonly format: FormatError;
  /** Records an error with the fields of its request before `format` sees it; once per error. */
  readonly note: (error: unknown, fields: object) => void;
  /** Records an error outside GraphQL and answers the id that its caller may be told. */
  readonly record: (error: unknown, fields: object) => string;
};

/** What the graph itself answers to a malformed request, before any resolver ran. */
const requestCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
]);

export const internalMessage = 'Something went wrong on our side.';

/** One mask per door. Each unexpected error gives exactly one ERROR line, with its `error_id`. */
export function createErrorMask(log: Logger): ErrorMask {
  const ids = new WeakMap<object, string>();

  function record(error: unknown, fields: object): string {
    const root = rootOf(error);
    const known = ids.get(root);
    if (known) return known;
    const id = randomUUID();
    ids.set(root, id);
    const code = 'INTERNAL';
    log.error({ ...fields, error_id: id, error_code: code, error: root }, 'unexpected error');
    return id;
  }

  return {
    record,
    note(error, fields) {
      if (!publicFormOf(error)) record(error, fields);
    },
    format({ message: _, extensions: __, ...place }, error) {
      const shown = publicFormOf(error);
      if (shown) return { ...place, ...shown };
      const errorId = record(error, {});
      return { ...place, message: internalMessage, extensions: { code: 'INTERNAL', errorId } };
    },
  };
}

/** The `formatError` of an Apollo server, for doors that note nothing beforehand. */
export const formatError = (log: Logger): FormatError => createErrorMask(log).format;

type PublicForm = Pick<GraphQLFormattedError, 'message' | 'extensions'>;

/** What of an error the caller may see; null when nothing. */
function publicFormOf(error: unknown): PublicForm | null {
  const root = rootOf(error);
  if (root instanceof PublicError) return { message: root.message, extensions: root.extensions };
  if (!(error instanceof GraphQLError)) return null;

  const badInput = badInputOf(error);
  if (badInput) {
    const { message, field } = badInput;
    return { message, extensions: field ? { code: 'BAD_INPUT', field } : { code: 'BAD_INPUT' } };
  }
  const code = error.extensions['code'];
  // A resolver's error has a path, so a code it borrowed does not open the mask.
  if (error.path === undefined && requestCodes.has(code)) {
    return { message: error.message, extensions: { code } };
  }
  return null;
}

/** GraphQL wraps what a resolver threw; one thing thrown for many fields is one error. */
function rootOf(error: unknown): object {
  let current = error;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return typeof current === 'object' && current !== null ? current : new Error(String(current));
}
