import { PublicError } from '@simplebank/chassis/errors';
import { boundedText } from '@simplebank/chassis/scalars';
import { parseEmail } from '../domain/identity.ts';

const nameCharsMax = 100;
const reasonCharsMax = 500;
/** Far more than any token or password of ours, and too little to hurt. */
const secretCharsMax = 512;

export const nameOf = (text: string) =>
  boundedText(text, { field: 'input.name', max: nameCharsMax });

export const reasonOf = (text: string) =>
  boundedText(text, { field: 'input.reason', max: reasonCharsMax });

/** Throws BAD_INPUT that names the field unless the text is an email address. */
export function emailOf(text: string): string {
  const email = parseEmail(text);
  if (email) return email;
  throw new PublicError('BAD_INPUT', 'Expected an email address.', { field: 'input.email' });
}

/** A proof with its key and signature has some 450. */
const proofCharsMax = 2_048;

/** Null when none was sent: whether one is wanted is not decided here. */
export function deviceProofOf(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  if (text.length <= proofCharsMax) return text;
  const field = 'input.deviceProof';
  throw new PublicError('BAD_INPUT', `Expected at most ${proofCharsMax} characters.`, { field });
}

/** A password or token as it is: never trimmed, never echoed. */
export function secretOf(text: string, field: string): string {
  if (text.length > 0 && text.length <= secretCharsMax) return text;
  throw new PublicError('BAD_INPUT', `Expected 1 to ${secretCharsMax} characters.`, { field });
}
