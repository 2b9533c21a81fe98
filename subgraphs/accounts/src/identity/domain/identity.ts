/** What somebody may be; a customer has accounts, staff has not. */
export type Role = 'customer' | 'support' | 'operations' | 'service';
export const staffRoles: readonly Role[] = ['support', 'operations'];

/** Whoever can sign in. The number is null for staff. */
export type Identity = {
  readonly id: string;
  readonly number: string | null;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
};

const emailCharsMax = 254;
/** No control, invisible or half characters: nobody types them, and the database refuses some. */
const email = /^[^\s@"(),:;<>[\\\]\p{C}]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]{2,}$/u;

/**
 * Trimmed, in lower case and with composed characters, so that one address is one identity; null
 * when it is no address.
 */
export function parseEmail(text: string): string | null {
  const address = text.trim().toLowerCase().normalize('NFC');
  return address.length <= emailCharsMax && email.test(address) ? address : null;
}
