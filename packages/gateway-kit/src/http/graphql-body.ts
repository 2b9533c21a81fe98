import { PublicError } from '@simplebank/chassis/errors';
import { z } from 'zod';
import type { Persisted } from '../operations/persisted.ts';
import type { Asked } from '../request/steps.ts';

const object = z.record(z.string(), z.unknown());
const persistedQuery = z.object({ version: z.literal(1), sha256Hash: z.string() });
const shape = z.object({
  query: z.string().nullish(),
  id: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: object.nullish(),
  extensions: object.nullish(),
});

/** Makes what is asked of a body, a query string or a message of a live connection. */
export type ReadAsked = (body: unknown) => Asked;

/**
 * Throws PublicError BAD_INPUT that names the part of the body that is wrong, and the refusals of
 * `persisted` for an unknown id, or for a text where ids only are answered.
 */
export const readAsked =
  (persisted: Persisted): ReadAsked =>
  (body) => {
    if (Array.isArray(body)) {
      throw new PublicError('BAD_INPUT', 'Send one operation per request.');
    }
    const checked = shape.safeParse(body);
    if (!checked.success) throw malformed(checked.error.issues[0]?.path.join('.'));
    const { query, operationName, variables, extensions } = checked.data;
    const id = checked.data.id ?? hashIn(extensions?.['persistedQuery']);
    if (!query && !id) throw malformed('query');
    return {
      ...persisted.resolve({ text: query || null, id: id || null }),
      operationName: operationName ?? null,
      variables: variables ?? {},
    };
  };

/** The form of Apollo's clients: `extensions: { persistedQuery: { version, sha256Hash } }`. */
function hashIn(extension: unknown): string | null {
  if (extension === undefined || extension === null) return null;
  const read = persistedQuery.safeParse(extension);
  if (read.success) return read.data.sha256Hash;
  throw malformed('extensions.persistedQuery');
}

const malformed = (field: string | undefined) =>
  new PublicError('BAD_INPUT', 'The body is not a GraphQL request.', { field });
