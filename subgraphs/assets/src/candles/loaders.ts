import DataLoader from 'dataloader';
import type { Deps } from '../deps.ts';
import type { Candle } from './domain/candle.ts';
import { type CandlesAsked, candlesInBulk } from './queries/candles.ts';

/** A page of 100 assets may ask for candles of several shapes at once. */
const loaderBatchMax = 500;

export type CandleLoaders = {
  /** One page of candles of one asset; pages of one shape are read together. */
  readonly candles: DataLoader<CandlesAsked, readonly Candle[], string>;
};

export const candleLoaders = (deps: Pick<Deps, 'db' | 'hours'>): CandleLoaders => ({
  candles: new DataLoader((asked) => candlesInBulk(deps, asked), {
    maxBatchSize: loaderBatchMax,
    cacheKeyFn: (asked) => JSON.stringify(asked),
  }),
});
