import { PublicError } from '@simplebank/chassis/errors';
import { type IdOrNumber, parseIdOrNumber } from '@simplebank/kernel/ids';

const assetKeyCharsMax = 36;

/** Throws BAD_INPUT that names the field when the text is neither a UUID nor a number. */
export function idOrNumber(text: string, field: string): IdOrNumber {
  const key = parseIdOrNumber(text);
  if (key) return key;
  throw new PublicError('BAD_INPUT', 'Expected a UUID or a number.', { field });
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
