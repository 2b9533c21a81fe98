import { isCurrency, money } from '@simplebank/kernel/money';
import type { MissingSharesResolvers } from '../generated/graphql.ts';

export const MissingShares: MissingSharesResolvers = {
  value: ({ value, currency }) => {
    if (!isCurrency(currency)) throw new Error(`missing shares in ${currency}`);
    return money(value, currency);
  },
};
