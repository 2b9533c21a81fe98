import { isStale } from '@simplebank/kernel/market-hours';
import { averagePrice, currentValue, unrealizedGain } from '../domain/holding.ts';
import type { HoldingResolvers } from '../generated/graphql.ts';

export const Holding: HoldingResolvers = {
  asset: ({ assetId }) => ({ id: assetId }),
  available: ({ quantity, reserved }) => quantity.minus(reserved),
  price: ({ lastPrice }) => lastPrice?.perUnit ?? null,
  value: currentValue,
  averagePrice,
  unrealizedGain,
  asOf: ({ lastPrice }) => lastPrice?.at ?? null,
  isStale: ({ lastPrice }, _, { hours, clock }) =>
    lastPrice === null || isStale(hours, { at: lastPrice.at, now: clock.now() }),
};
