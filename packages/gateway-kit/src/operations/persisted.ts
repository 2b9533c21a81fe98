import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PublicError } from '@simplebank/chassis/errors';
import { GraphQLError } from 'graphql';
import { z } from 'zod';

/** Texts by their SHA-256 in hexadecimal digits, as a manifest lists them. */
export type Manifest = ReadonlyMap<string, string>;

const manifestShape = z.record(z.string(), z.string());
/** Some clients name the algorithm before the id, as the persisted documents draft has it. */
const prefix = /^sha256:/;
const sha256 = /^[0-9a-f]{64}$/;

export const idOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads manifests, each a JSON object of texts by id: one of this release, and those of released
 * applications that are still in use. Throws Error that names the file when an id is not the
 * SHA-256 of its text, so that nobody runs under an id what was not reviewed under it.
 */
export async function readManifests(paths: readonly (string | URL)[]): Promise<Manifest> {
  const lists = await Promise.all(paths.map(readManifest));
  return new Map(lists.flat());
}

async function readManifest(path: string | URL): Promise<[string, string][]> {
  const read = manifestShape.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!read.success) throw new Error(`${path} is no manifest of operations: texts by their id`);
  const entries = Object.entries(read.data);
  const wrong = entries.find(([id, text]) => id !== idOf(text));
  if (wrong) throw new Error(`${path}: the id ${wrong[0]} is not the SHA-256 of its text`);
  return entries;
}

export type PersistedOptions = {
  readonly manifest: Manifest;
  /** False where ids only are answered. */
  readonly texts: boolean;
};

type Given = { readonly text: string | null; readonly id: string | null };
type Found = { readonly query: string; readonly id?: string };

export type Persisted = {
  /**
   * The text to run. Throws GraphQLError PERSISTED_OPERATION_NOT_FOUND for an unknown id, and
   * PERSISTED_OPERATIONS_ONLY for a text where ids only are answered. Nothing is ever registered.
   */
  readonly resolve: (given: Given) => Found;
};

export const createPersisted = ({ manifest, texts }: PersistedOptions): Persisted => ({
  resolve({ text, id: given }) {
    const id = given?.replace(prefix, '') ?? null;
    if (id !== null && text !== null && id !== idOf(text)) {
      throw new PublicError('BAD_INPUT', 'The id is not the SHA-256 of the text.', { field: 'id' });
    }
    const known = id === null ? undefined : manifest.get(id);
    if (id !== null && known !== undefined) return { query: known, id };
    if (text === null) throw notFound(id ?? '');
    if (!texts) throw idsOnly();
    return { query: text };
  },
});

const notFound = (id: string) =>
  new GraphQLError(
    sha256.test(id)
      ? `No operation is persisted under the id ${id}.`
      : 'The id of a persisted operation is the SHA-256 of its text in hexadecimal digits.',
    { extensions: { code: 'PERSISTED_OPERATION_NOT_FOUND', field: 'id' } },
  );

const idsOnly = () =>
  new GraphQLError('Only persisted operations are answered here: send an id, not a text.', {
    extensions: { code: 'PERSISTED_OPERATIONS_ONLY', field: 'query' },
  });
