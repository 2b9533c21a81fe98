import type { Side } from './order.ts';

/** All that another context needs to find an account here. */
export type AccountKey = { readonly id: string };

/** Copy of an account; the highest version wins. */
export type Account = AccountKey & {
  readonly number: bigint;
  readonly ownerIds: readonly string[];
  readonly currency: string;
  readonly status: string;
  readonly version: number;
};

export const isOwner = ({ ownerIds }: Account, customerId: string): boolean =>
  ownerIds.includes(customerId);

/** What somebody may want to do on an account; a cancel by its owners or by staff. */
export type Act = Side | 'CANCEL' | 'STAFF_CANCEL';

/** What an account's state allows (domain §2.3); nothing in a state that is not named. */
const allowed: Readonly<Record<string, { readonly [each in Act]: boolean }>> = {
  ACTIVE: { BUY: true, SELL: true, CANCEL: true, STAFF_CANCEL: true },
  LIMITED: { BUY: false, SELL: true, CANCEL: true, STAFF_CANCEL: true },
  CLOSING: { BUY: false, SELL: true, CANCEL: true, STAFF_CANCEL: true },
  FROZEN: { BUY: false, SELL: false, CANCEL: false, STAFF_CANCEL: true },
};

export const allows = ({ status }: Account, act: Act): boolean => allowed[status]?.[act] ?? false;
