import { requirePrincipal, requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { boundedText, idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { type Account, accountBy } from '../../accounts/index.ts';
import type { Context } from '../../context.ts';
import type { SubmitProfileInput } from '../../generated/graphql.ts';
import { isTooLongAgo, type Profile, parseIdentityNumber } from '../domain/profile.ts';

const nameCharsMax = 200;
const lineCharsMax = 200;
const postalCodeCharsMax = 20;
const reasonCharsMax = 500;

export const messages = {
  ACCOUNT_STATUS: 'The state of the account does not allow it.',
  DATE_OF_BIRTH_NOT_PAST: 'The date of birth must be in the past.',
  UNDER_AGE: 'Customers must be at least 18 years old.',
  VERIFICATION_STATUS: 'The state of the verification does not allow it.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
} as const;

/** Null when none was given. Throws BAD_INPUT for an empty one, which would protect nobody. */
export const optionalKeyOf = (key: string | null | undefined): string | null =>
  key === null || key === undefined ? null : idempotencyKeyOf(key);

export const reasonOf = (text: string) =>
  boundedText(text, { field: 'input.reason', max: reasonCharsMax });

export const customerIdOf = (text: string) => uuidOf(text, 'input.customerId');

/** The viewer as a customer. Throws UNAUTHENTICATED or FORBIDDEN: staff is not verified. */
export const requireCustomer = ({ viewer }: Context): string =>
  uuidOf(requireRole(viewer, 'customer').customerId, 'viewer');

/** The viewer's own account. Throws NOT_FOUND for an unknown or another customer's. */
export async function requireOwned(context: Context, id: string): Promise<Account> {
  const { customerId } = requirePrincipal(context.viewer);
  const account = await accountBy(context, id);
  if (account?.ownerIds.includes(customerId)) return account;
  throw new PublicError('NOT_FOUND', 'There is no such account.', { field: 'input.accountId' });
}

/** The account as it is after a change. */
export async function reloadAccount({ loaders }: Context, id: string): Promise<Account> {
  const account = await loaders.accounts.clear(id).load(id);
  if (account) return account;
  throw new Error(`account ${id} is not there after its change`);
}

/** The customer as they are after a change. */
export async function reloadCustomer({ loaders }: Context, id: string) {
  loaders.verifications.clear(id);
  const customer = await loaders.identities.load(id);
  if (customer) return customer;
  throw new Error(`customer ${id} is not there after a change`);
}

const line = (text: string, field: string) =>
  boundedText(text, { field: `input.${field}`, max: lineCharsMax });

/** Throws BAD_INPUT that names the field, and never repeats what was given. */
export function profileOf(input: SubmitProfileInput, now: Date): Profile {
  const { street, city, region, postalCode } = input.address;
  const legalName = boundedText(input.legalName, { field: 'input.legalName', max: nameCharsMax });
  if (isTooLongAgo(input.dateOfBirth, now.toISOString().slice(0, 10))) {
    throw bad('dateOfBirth', 'Expected a date of birth of somebody alive.');
  }
  return {
    legalName,
    dateOfBirth: input.dateOfBirth,
    address: {
      street: line(street, 'address.street'),
      city: line(city, 'address.city'),
      region: region ? line(region, 'address.region') : null,
      postalCode: boundedText(postalCode, {
        field: 'input.address.postalCode',
        max: postalCodeCharsMax,
      }),
    },
    country: countryOf(input.country),
    identityNumber: identityNumberOf(input.identityNumber),
  };
}

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that have a name, but are no country where somebody could live. */
const noCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

function countryOf(text: string): string {
  const code = text.trim().toUpperCase();
  if (/^[A-Z]{2}$/.test(code) && !noCountries.has(code) && names.of(code)) return code;
  throw bad('country', 'Expected a country code of two letters, such as US.');
}

function identityNumberOf(text: string): string {
  const parsed = parseIdentityNumber(text.slice(0, lineCharsMax));
  if (parsed) return parsed;
  throw bad('identityNumber', 'Expected 4 to 32 letters and digits.');
}

const bad = (field: string, message: string) =>
  new PublicError('BAD_INPUT', message, { field: `input.${field}` });
