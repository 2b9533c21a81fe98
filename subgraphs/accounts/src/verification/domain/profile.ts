/** What a customer tells about themselves. Never logged, never told to other contexts. */
export type Profile = {
  readonly legalName: string;
  /** YYYY-MM-DD. */
  readonly dateOfBirth: string;
  readonly address: Address;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly identityNumber: string;
};
type Address = {
  readonly street: string;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string;
};

export type BirthRefusal = { readonly code: 'DATE_OF_BIRTH_NOT_PAST' | 'UNDER_AGE' };

const adultYears = 18;

/**
 * Null for an adult. Both dates are YYYY-MM-DD. Who was born on 29 February is of age on 1 March,
 * since the birthday does not come before it.
 */
export function birthRefusal(dateOfBirth: string, today: string): BirthRefusal | null {
  if (dateOfBirth >= today) return { code: 'DATE_OF_BIRTH_NOT_PAST' };
  const year = Number(dateOfBirth.slice(0, 4)) + adultYears;
  const birthday = `${String(year).padStart(4, '0')}${dateOfBirth.slice(4)}`;
  return birthday <= today ? null : { code: 'UNDER_AGE' };
}

const oldestYears = 130;

/** True for a birth that nobody alive can have had: a slip of the keyboard. */
export const isTooLongAgo = (dateOfBirth: string, today: string): boolean =>
  Number(today.slice(0, 4)) - Number(dateOfBirth.slice(0, 4)) > oldestYears;

const identityNumber = /^[A-Z0-9][A-Z0-9./-]{2,30}[A-Z0-9]$/;

/** In capitals and without spaces, so that one number has one form; null when it is none. */
export function parseIdentityNumber(text: string): string | null {
  const compact = text.replaceAll(/\s/g, '').toUpperCase();
  return identityNumber.test(compact) ? compact : null;
}

/** A profile as staff sees it. */
export type ShownProfile = Omit<Profile, 'identityNumber' | 'address'> &
  Address & { readonly identityNumberEnding: string };

const shownChars = 4;

export const shown = ({ identityNumber, address, ...rest }: Profile): ShownProfile => ({
  ...rest,
  ...address,
  identityNumberEnding: identityNumber.slice(-Math.min(shownChars, identityNumber.length / 2)),
});
