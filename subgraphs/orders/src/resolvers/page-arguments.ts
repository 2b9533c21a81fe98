import { PublicError } from '@simplebank/chassis/errors';
import { type Cursor, parseCursor } from '../domain/page.ts';

const firstDefault = 20;
const firstMax = 100;

type Arguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
};

/** Throws BAD_INPUT that names the argument when it is out of bounds or no cursor of ours. */
export function pageArguments(page: Arguments): { first: number; after: Cursor | null } {
  const first = countArgument(page.first ?? firstDefault);
  if (!page.after) return { first, after: null };
  const after = parseCursor(page.after);
  if (after) return { first, after };
  throw new PublicError('BAD_INPUT', 'This is no cursor of this list.', { field: 'after' });
}

/** How many are asked for, 1 to 100. */
export function countArgument(first: number): number {
  if (first >= 1 && first <= firstMax) return first;
  throw new PublicError('BAD_INPUT', `Expected 1 to ${firstMax}.`, { field: 'first' });
}
