import type { Decimal } from '@simplebank/kernel/decimal';
import { isStale } from '@simplebank/kernel/market-hours';
import type { Currency } from '@simplebank/kernel/money';
import type { Context } from '../../context.ts';
import type { Resolvers } from '../../generated/graphql.ts';
import { valued } from '../../resolvers/valuation.ts';
import type { LotView, HoldingsTotal as Total } from '../domain/lot-view.ts';
import { longTermFrom, lotValue } from '../domain/lot-view.ts';

type InCurrency = { readonly currency: Currency };
const money = ({ currency }: InCurrency, amount: Decimal) => ({ amount, currency });
const moneyOrNull = (of: InCurrency, amount: Decimal | null) => amount && money(of, amount);

const isOutdated = (price: { readonly at: Date } | null, { hours, clock }: Context): boolean =>
  price === null || isStale(hours, { at: price.at, now: clock.now() });

const valuedLot = (lot: LotView, context: Context): Decimal | null =>
  valued(lotValue(lot), lot.lastPrice?.at ?? null, context);

/** As current as the oldest of its prices; nothing held is worth nothing, whatever the hour. */
const valuedTotal = ({ value, asOf, positions }: Total, context: Context): Decimal | null =>
  positions === 0 ? value : valued(value, asOf, context);

const Lot: NonNullable<Resolvers['Lot']> = {
  asset: ({ assetId }) => ({ id: assetId }),
  longTermFrom: ({ acquiredOn }) => longTermFrom(acquiredOn),
  cost: (lot) => money(lot, lot.cost),
  fee: (lot) => money(lot, lot.fee),
  remainingCost: (lot) => money(lot, lot.remainingCost),
  remainingFee: (lot) => money(lot, lot.remainingFee),
  value: (lot, _, context) => moneyOrNull(lot, valuedLot(lot, context)),
  unrealizedGain: (lot, _, context) =>
    moneyOrNull(lot, valuedLot(lot, context)?.minus(lot.remainingCost) ?? null),
  asOf: ({ lastPrice }) => lastPrice?.at ?? null,
  isStale: ({ lastPrice }, _, context) => isOutdated(lastPrice, context),
};

const RealizedGain: NonNullable<Resolvers['RealizedGain']> = {
  asset: ({ assetId }) => ({ id: assetId }),
  proceeds: (gain) => money(gain, gain.proceeds),
  cost: (gain) => money(gain, gain.cost),
  buyFee: (gain) => money(gain, gain.buyFee),
  saleFee: (gain) => money(gain, gain.saleFee),
  grossGain: (gain) => money(gain, gain.grossGain),
  netGain: (gain) => money(gain, gain.netGain),
};

const RealizedGainTotal: NonNullable<Resolvers['RealizedGainTotal']> = {
  proceeds: (total) => money(total, total.proceeds),
  cost: (total) => money(total, total.cost),
  fees: (total) => money(total, total.fees),
  grossGain: (total) => money(total, total.grossGain),
  netGain: (total) => money(total, total.netGain),
};

const HoldingsTotal: NonNullable<Resolvers['HoldingsTotal']> = {
  value: (total, _, context) => moneyOrNull(total, valuedTotal(total, context)),
  cost: (total) => money(total, total.cost),
  unrealizedGain: (total, _, context) =>
    moneyOrNull(total, valuedTotal(total, context)?.minus(total.cost) ?? null),
  degraded: ({ value, positions, asOf }, _, { hours, clock }) =>
    value === null || (positions > 0 && (!asOf || isStale(hours, { at: asOf, now: clock.now() }))),
};

export const resolvers: Pick<
  Resolvers,
  | 'Lot'
  | 'RealizedGain'
  | 'RealizedGainTotal'
  | 'RealizedGainConnection'
  | 'HoldingsTotal'
  | 'HoldingConnection'
> = {
  Lot,
  RealizedGain,
  RealizedGainTotal,
  HoldingsTotal,
  RealizedGainConnection: {
    totals: ({ scope }, _, { loaders }) => loaders.lots.gainTotals.load(scope),
  },
  HoldingConnection: {
    degraded: ({ nodes }, _, context) =>
      nodes.some(({ lastPrice }) => isOutdated(lastPrice, context)),
  },
};
