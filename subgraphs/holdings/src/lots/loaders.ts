import DataLoader from 'dataloader';
import type { Tx } from '../data/client.ts';
import { findGainPages, type GainScope, type GainWish, sumGains } from './data/gains.ts';
import { findLotPages, type LotWish } from './data/lot-pages.ts';
import { sumHoldings } from './data/totals.ts';
import type { GainTotal, GainView, HoldingsTotal, LotView } from './domain/lot-view.ts';

const loaderBatchMax = 200;

/** One per request; each batches what a request asks for into one statement. */
export function lotLoaders({ db }: { readonly db: Tx }) {
  const options = {
    maxBatchSize: loaderBatchMax,
    cacheKeyFn: (wish: object) => JSON.stringify(wish),
  };
  return {
    lots: new DataLoader<LotWish, LotView[], string>((all) => findLotPages(db, all), options),
    gains: new DataLoader<GainWish, GainView[], string>((all) => findGainPages(db, all), options),
    gainTotals: new DataLoader<GainScope, GainTotal[], string>((all) => sumGains(db, all), options),
    totals: new DataLoader<string, HoldingsTotal | null>((ids) => sumHoldings(db, ids), {
      maxBatchSize: loaderBatchMax,
    }),
  };
}
