import { type Decimal, sum, zero } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import type { Leg, Transaction } from './transaction.ts';

/** What a feed of activities tells (domain §2.8). */
export const activityKinds = [
  'DEPOSIT',
  'WITHDRAWAL',
  'RETURN',
  'BUY',
  'SALE',
  'COMMISSION',
  'SEC_FEE',
  'TAF_FEE',
  'DIVIDEND',
  'SPLIT',
  'SETTLEMENT',
  'DEBT',
  'DEBT_REPAID',
  'CORRECTION',
  'ACCOUNT_STATE',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** Where an activity belongs: the account, or, as entries know it, its row in the ledger. */
type Place =
  | { readonly accountId: string; readonly ledgerAccountId: null }
  | { readonly accountId: null; readonly ledgerAccountId: bigint };

export type NewActivity = Place & {
  readonly kind: ActivityKind;
  readonly at: Date;
  /** By what it moved cash; zero for what moves none. All amounts of an account sum to its cash. */
  readonly amount: Decimal;
  readonly currency: Currency;
  /** What was traded or has settled, without fees. */
  readonly value: Decimal | null;
  readonly symbol: string | null;
  readonly quantity: Decimal | null;
  readonly status: string | null;
  readonly orderId: string | null;
  readonly executionId: string | null;
  readonly paymentId: string | null;
  readonly transactionId: string | null;
};

const nothingElse = {
  ...{ value: null, symbol: null, quantity: null, status: null },
  ...{ orderId: null, executionId: null, paymentId: null, transactionId: null },
} as const;

type Note = Pick<NewActivity, 'kind' | 'at' | 'currency'> &
  Partial<Omit<NewActivity, 'amount' | 'ledgerAccountId'>> & { readonly accountId: string };

/** Something that moves no cash: a settlement, a split, a change of the account's state. */
export const noteOf = (note: Note): NewActivity => ({
  ...nothingElse,
  ...note,
  amount: zero,
  ledgerAccountId: null,
});

/**
 * What a transaction is to its customer: one activity for every kind of entry other than that of
 * cash, with the sign turned, because each is what cash was moved by. Empty for the house's own.
 */
export function activitiesOf(transaction: Transaction): NewActivity[] {
  const { legs, at, currency, shares, ...ids } = transaction;
  const customer = legs.find(({ ledgerAccountId }) => ledgerAccountId !== null);
  if (!customer || customer.ledgerAccountId === null) return [];
  const { orderId, executionId, paymentId, id: transactionId } = ids;
  const links = { orderId, executionId, paymentId, transactionId };
  const place = { accountId: null, ledgerAccountId: customer.ledgerAccountId } as const;
  return [...byKind(transaction)].map(([kind, moved]) => {
    const traded = kind === 'BUY' || kind === 'SALE';
    const value = traded ? { value: moved.abs() } : {};
    const about = traded || kind === 'DIVIDEND' ? { ...value, ...shares } : {};
    return { ...nothingElse, ...links, ...place, kind, at, currency, amount: moved, ...about };
  });
}

function byKind(transaction: Transaction): Map<ActivityKind, Decimal> {
  const sums = new Map<ActivityKind, Decimal>();
  for (const leg of transaction.legs) {
    const kind = kindOf(leg, transaction.kind);
    if (kind === null) continue;
    sums.set(kind, sum([sums.get(kind) ?? zero, leg.amount.negated()]));
  }
  return sums;
}

const feeKinds = { commission: 'COMMISSION', 'sec-fee': 'SEC_FEE', 'taf-fee': 'TAF_FEE' } as const;

/** Null for cash itself. */
function kindOf(leg: Leg, kind: Transaction['kind']): ActivityKind | null {
  const { house, customer, amount } = leg;
  if (customer === 'cash') return null;
  if (customer === 'debt') return amount.isNegative() ? 'DEBT' : 'DEBT_REPAID';
  if (kind === 'CORRECTION') return 'CORRECTION';
  switch (house) {
    case 'bank':
    case 'clearing':
      return kind;
    case 'commission':
    case 'sec-fee':
    case 'taf-fee':
      return feeKinds[house];
    case 'dividends':
      return 'DIVIDEND';
    default:
      return 'CORRECTION';
  }
}
