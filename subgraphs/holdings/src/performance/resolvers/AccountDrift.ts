import type { AccountDriftResolvers } from '../../generated/graphql.ts';
import { asOf, isDegraded, restsOnStale } from './freshness.ts';
import { rateOutcome, rounded } from './outcomes.ts';

export const AccountDrift: AccountDriftResolvers = {
  strategy: ({ elected }) => ({ id: elected.strategyId }),
  strategyName: ({ elected }) => elected.name,
  strategyVersion: ({ elected }) => elected.version,
  drift: ({ drift }) => rateOutcome(drift),
  parts: ({ parts }) =>
    parts.map(({ assetId, symbol, actual, target }) => ({
      asset: assetId === null ? null : { id: assetId },
      ...{ symbol, isCash: assetId === null },
      actualShare: actual && rounded(actual),
      targetShare: target,
    })),
  asOf: ({ portfolio }, _, context) => asOf(portfolio, context),
  isStale: ({ portfolio }, _, context) => restsOnStale(portfolio, context),
  degraded: ({ portfolio }) => isDegraded(portfolio),
};
