import { isCurrency, money } from '@simplebank/kernel/money';
import type { LedgerTransactionResolvers } from '../../generated/graphql.ts';
import { type BookedEntry, partsLeft } from '../domain/reversal.ts';

export const LedgerTransaction: LedgerTransactionResolvers = {
  entries: ({ entries }) => entries.map(shown),
  reversible: (booked) => partsLeft(booked),
};

function shown({ account, accountId, amount, currency }: BookedEntry) {
  if (!isCurrency(currency)) throw new Error(`an entry of ${account} is in ${currency}`);
  return { account, accountId, amount: money(amount, currency) };
}
