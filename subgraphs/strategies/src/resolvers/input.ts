import { PublicError } from '@simplebank/chassis/errors';
import { type IdOrNumber, parseIdOrNumber } from '@simplebank/kernel/ids';
import type { PageQuestion } from '../domain/page.ts';

const pageMax = 100;
const pageUsual = 20;
const assetKeyCharsMax = 36;

/** Throws BAD_INPUT that names the field when the text is neither a UUID nor a number. */
export function idOrNumber(text: string, field: string): IdOrNumber {
  const key = parseIdOrNumber(text);
  if (key) return key;
  throw new PublicError('BAD_INPUT', 'Expected a UUID or a number.', { field });
}

type PageArgs = { readonly first?: number | null; readonly after?: string | null };

/** Throws BAD_INPUT for a page of less than 1 or more than 100, or a cursor that is not ours. */
export function pageQuestion({ first, after }: PageArgs): PageQuestion {
  const size = first ?? pageUsual;
  if (size < 1 || size > pageMax) {
    throw new PublicError('BAD_INPUT', `Expected 1 to ${pageMax}.`, { field: 'first' });
  }
  if (after === null || after === undefined) return { first: size, after: null };
  const key = parseIdOrNumber(after);
  if (key && 'number' in key) return { first: size, after: key.number };
  throw new PublicError('BAD_INPUT', 'Expected a cursor of an earlier page.', { field: 'after' });
}

/** A UUID in lower case or a symbol in upper case. Throws BAD_INPUT when it is neither. */
export function assetKey(text: string, field: string): string {
  const key = text.trim();
  if (key.length < 1 || key.length > assetKeyCharsMax || !/^[\w.-]+$/.test(key)) {
    throw new PublicError('BAD_INPUT', 'Expected a UUID, a symbol or CASH.', { field });
  }
  return key.length === assetKeyCharsMax ? key.toLowerCase() : key.toUpperCase();
}

export const notFound = (what: string, field: string): PublicError =>
  new PublicError('NOT_FOUND', `There is no such ${what}.`, { field });
