import { money } from '@simplebank/kernel/money';
import type { AccountAllocationResolvers } from '../../generated/graphql.ts';
import { liveValue } from '../domain/portfolio.ts';
import { asOf, isDegraded, restsOnStale } from './freshness.ts';

export const AccountAllocation: AccountAllocationResolvers = {
  total: ({ portfolio }) => {
    const value = liveValue(portfolio);
    return value && money(value, portfolio.currency);
  },
  parts: ({ portfolio, parts }) =>
    parts.map(({ assetId, value, ...part }) => ({
      ...part,
      asset: assetId === null ? null : { id: assetId },
      value: value && money(value, portfolio.currency),
    })),
  asOf: ({ portfolio }, _, context) => asOf(portfolio, context),
  isStale: ({ portfolio }, _, context) => restsOnStale(portfolio, context),
  degraded: ({ portfolio }) => isDegraded(portfolio),
};
