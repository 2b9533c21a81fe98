import { isStale } from '@simplebank/kernel/market-hours';
import { averagePrice, currentValue, unrealizedGain } from '../domain/holding.ts';
import { perShare } from '../domain/known-price.ts';
import type { HoldingResolvers } from '../generated/graphql.ts';
import { holdingLots } from '../lots/index.ts';
import { valued } from './valuation.ts';

export const Holding: HoldingResolvers = {
  lots: holdingLots,
  accountNumber: async ({ accountId }, _, { loaders }) =>
    (await loaders.accounts.load(accountId))?.number.toString() ?? null,
  asset: ({ assetId }) => ({ id: assetId }),
  available: ({ quantity, reserved }) => quantity.minus(reserved),
  price: ({ lastPrice }) => lastPrice && perShare(lastPrice),
  value: (holding, _, context) =>
    valued(currentValue(holding), holding.lastPrice?.at ?? null, context),
  averagePrice,
  unrealizedGain: (holding, _, context) =>
    valued(unrealizedGain(holding), holding.lastPrice?.at ?? null, context),
  asOf: ({ lastPrice }) => lastPrice?.at ?? null,
  isStale: ({ lastPrice }, _, { hours, clock }) =>
    lastPrice === null || isStale(hours, { at: lastPrice.at, now: clock.now() }),
};
