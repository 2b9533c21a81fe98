import type { ErrorMask } from '@simplebank/chassis/errors';
import { internalMessage } from '@simplebank/chassis/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { Story } from '../request/story.ts';
import { fieldNamedIn } from './answer-errors.ts';

/** What a subgraph may tell a caller; every other code is ours to mask. */
const passed: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_INPUT',
  'DEADLINE_EXCEEDED',
]);

type Reporting = {
  readonly subgraph: string;
  readonly mask: ErrorMask;
  readonly story: Story;
};

/** Keeps code, field and error id of a subgraph's error; nothing else of it passes the gateway. */
export function publicSubgraphError(
  { message, path, extensions }: GraphQLFormattedError,
  { subgraph, mask, story }: Reporting,
): GraphQLFormattedError {
  const place = path ? { path } : {};
  const code = extensions?.['code'] === 'BAD_USER_INPUT' ? 'BAD_INPUT' : extensions?.['code'];
  if (passed.has(code)) {
    const given = extensions?.['field'];
    const field = typeof given === 'string' ? given : fieldNamedIn(message);
    return { message, ...place, extensions: field === undefined ? { code } : { code, field } };
  }
  // With an id the subgraph has recorded the error already, and one error is one record.
  const known = extensions?.['errorId'];
  const errorId =
    typeof known === 'string'
      ? known
      : mask.record(new Error(`${subgraph} answered ${String(code)}: ${message}`), {
          request_id: story.requestId,
        });
  return { message: internalMessage, ...place, extensions: { code: 'INTERNAL', errorId } };
}
