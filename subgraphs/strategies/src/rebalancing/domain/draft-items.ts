import { Decimal } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import { isBelowMinimum } from '../../domain/split.ts';
import { type ItemSkipReason, nothingFilled, type RunItem } from './item.ts';
import { type Holding, isBuyable, isSellable } from './market.ts';

const nothingOrdered = {
  ...nothingFilled,
  ...{ code: null, orderId: null, orderStatus: null, orderVersion: 0 },
};

const factsOf = ({ assetId, percentage, value, price }: Holding) => ({
  ...{ assetId, percentage, value, price },
  ...nothingOrdered,
});

const skipped = (skipReason: ItemSkipReason) => ({ status: 'SKIPPED', skipReason }) as const;

/** What is sold whole leaves nothing behind; else the money makes the quantity, toward zero. */
export function saleOf(holding: Holding, wanted: Decimal): RunItem {
  const sale = { ...factsOf(holding), side: 'SELL', wanted, amount: null, quantity: null } as const;
  const obstacle = obstacleOf(wanted, holding, isSellable);
  if (obstacle) return { ...sale, ...skipped(obstacle) };
  const exact = quantityOf(holding, wanted);
  const quantity = holding.asset?.fractionable ? exact : exact.floor();
  return quantity.greaterThan(0)
    ? { ...sale, quantity, status: 'REQUESTED', skipReason: null }
    : { ...sale, ...skipped('TOO_SMALL_FOR_ONE_SHARE') };
}

function quantityOf({ available, value, price, assetId }: Holding, wanted: Decimal): Decimal {
  if (wanted.equals(value)) return available;
  if (price === null) throw new Error(`asset ${assetId} is sold without a price`);
  return Decimal.min(truncateQuantity(wanted.div(price)), available);
}

/** Cut into money and sent when the sales have ended. */
export function purchaseOf(holding: Holding, wanted: Decimal): RunItem {
  const gap = { ...factsOf(holding), side: 'BUY', wanted, amount: null, quantity: null } as const;
  const obstacle = obstacleOf(wanted, holding, isBuyable);
  return obstacle
    ? { ...gap, ...skipped(obstacle) }
    : { ...gap, status: 'PLANNED', skipReason: null };
}

function obstacleOf(
  wanted: Decimal,
  { asset }: Holding,
  mayTrade: typeof isSellable,
): ItemSkipReason | null {
  if (isBelowMinimum(wanted)) return 'BELOW_MINIMUM';
  if (asset?.state === 'HALTED') return 'HALTED';
  return mayTrade(asset) ? null : 'NOT_TRADABLE';
}
