import { type Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { House, TransactionKind } from './transaction.ts';

/** DEBT is of an earlier release. */
export type BookedKind = TransactionKind | 'DEBT';

export type BookedEntry = {
  readonly account: House | 'cash' | 'debt';
  /** Null for a house account. */
  readonly accountId: string | null;
  readonly amount: Decimal;
  readonly currency: string;
};

/** A transaction as the ledger has it, with all of its entries. */
export type Booked = {
  readonly id: string;
  readonly kind: BookedKind;
  readonly reference: string;
  readonly at: Date;
  readonly orderId: string | null;
  readonly executionId: string | null;
  readonly paymentId: string | null;
  readonly reversesId: string | null;
  readonly reversedById: string | null;
  readonly entries: readonly BookedEntry[];
};

const transactionParts = ['WHOLE', 'COMMISSION'] as const;
export type TransactionPart = (typeof transactionParts)[number];

type Rule = {
  readonly parts: readonly TransactionPart[];
  /** Why no other part can be reversed, and what to do instead. */
  readonly why: string;
};

const tradeRule: Rule = {
  parts: ['COMMISSION'],
  why:
    'Shares and a settlement belong to it: of a trade only the commission can be reversed. ' +
    'An execution that was not booked is decided about as a booking exception.',
};

/**
 * What of each kind staff may reverse (domain §1, §2.5 rule 1). A payment, a hold, a settlement and
 * a position each say what has happened; the ledger may not say otherwise. SEC and TAF fees are
 * owed to others, so of a trade's fees only the bank's own goes back (§7: fee refunds).
 */
export const reversalRules: Readonly<Record<BookedKind, Rule>> = {
  DEPOSIT: {
    parts: [],
    why: 'Its payment is completed; what the provider takes back is booked as a return.',
  },
  WITHDRAWAL: {
    parts: [],
    why: 'Its payment is completed; money that comes back is booked as a return.',
  },
  RETURN: {
    parts: [],
    why: 'Its payment is returned, which is final; the money needs a payment of its own.',
  },
  BUY: tradeRule,
  SALE: tradeRule,
  SETTLEMENT: {
    parts: [],
    why: 'It is between the bank and the market, and what has settled stays settled.',
  },
  DIVIDEND: {
    parts: [],
    why: 'It follows the shares that were held; when those are corrected, so is the dividend.',
  },
  DEBT: { parts: [], why: 'It is a part of what made it, and ends when it is repaid.' },
  DEBT_REPAID: {
    parts: [],
    why: 'Whatever is available repays debt at once: it would be repaid again.',
  },
  CORRECTION: { parts: ['WHOLE'], why: 'A correction is reversed as a whole.' },
};

type NotReversible = { readonly code: 'NOT_REVERSIBLE'; readonly why: string };
export type ReversalRefusal = { readonly code: 'ALREADY_REVERSED' } | NotReversible;

export const notReversible = (why: string) => refuse({ code: 'NOT_REVERSIBLE', why } as const);

type HouseMove = { readonly house: House; readonly amount: Decimal };
export type Reversal = {
  readonly accountId: string;
  /** What the houses get; the customer gets the opposite of their sum. */
  readonly houses: readonly HouseMove[];
};

/** The customer's account that a transaction moved; null for none and for several. */
export function accountOf({ entries }: Pick<Booked, 'entries'>): string | null {
  const [accountId = null, ...others] = new Set(entries.flatMap((entry) => entry.accountId ?? []));
  return others.length === 0 ? accountId : null;
}

/** Decides by what was booked alone. Whoever books it holds the lock of the account's money. */
export function reversalOf(
  booked: Booked,
  part: TransactionPart,
): Result<Reversal, ReversalRefusal> {
  if (booked.reversedById !== null) return refuse({ code: 'ALREADY_REVERSED' });
  if (booked.reversesId !== null) return notReversible('It is a reversal itself.');
  const rule = reversalRules[booked.kind];
  if (!rule.parts.includes(part)) return notReversible(rule.why);
  const accountId = accountOf(booked);
  if (accountId === null) return notReversible('It moved the money of no one customer.');
  const houses = booked.entries.flatMap(({ account, amount }): HouseMove[] => {
    if (account === 'cash' || account === 'debt') return [];
    if (part === 'COMMISSION' && account !== 'commission') return [];
    return [{ house: account, amount: amount.negated() }];
  });
  if (movedOf({ houses }).isZero()) return notReversible('There is nothing in it to give back.');
  return ok({ accountId, houses });
}

/** What of a transaction can still be reversed. */
export const partsLeft = (booked: Booked): TransactionPart[] =>
  transactionParts.filter((part) => reversalOf(booked, part).ok);

/** By what a reversal moves the customer's money: negative when it takes some. */
export const movedOf = ({ houses }: Pick<Reversal, 'houses'>): Decimal =>
  houses.length === 0 ? zero : sum(houses.map(({ amount }) => amount)).negated();
