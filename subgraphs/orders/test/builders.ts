import { Decimal, zero } from '@simplebank/kernel/decimal';
import { marketHours } from '@simplebank/kernel/market-hours';
import type { Account } from '../src/domain/account.ts';
import type { Asset } from '../src/domain/asset.ts';
import type { Dossier } from '../src/domain/decide.ts';
import type { Draft } from '../src/domain/draft.ts';
import { noFees } from '../src/domain/fees.ts';
import { begin } from '../src/domain/history.ts';
import type { SplitMessage } from '../src/domain/message.ts';
import type { Order, Terms } from '../src/domain/order.ts';
import type { Knowledge } from '../src/domain/placement.ts';
import type { Quote } from '../src/domain/prices.ts';
import type { Split } from '../src/domain/split.ts';
import type { OrderStatus } from '../src/domain/status.ts';

/** A Wednesday, one hour after the opening of the exchange. */
export const marketTime = new Date('2026-07-15T14:30:00.000Z');
/** The Saturday after it. */
export const weekend = new Date('2026-07-18T14:30:00.000Z');

export const ids = {
  alice: '00000000-0000-4000-8000-000000000001',
  bob: '00000000-0000-4000-8000-000000000002',
  account: '00000000-0000-4000-8000-000000000101',
  bobsAccount: '00000000-0000-4000-8000-000000000102',
  asset: '00000000-0000-4000-8000-000000000201',
  order: '00000000-0000-4000-8000-000000000301',
} as const;

export const anAccount = (change: Partial<Account> = {}): Account => ({
  id: ids.account,
  number: 101n,
  ownerIds: [ids.alice],
  currency: 'USD',
  status: 'ACTIVE',
  version: 1,
  ...change,
});

export const anAsset = (change: Partial<Asset> = {}): Asset => ({
  id: ids.asset,
  symbol: 'ABC',
  name: 'Alphabet Blocks',
  type: 'STOCK',
  currency: 'USD',
  fractionable: true,
  state: 'ACTIVE',
  ticks: null,
  version: 1,
  ...change,
});

export const aQuote = (change: Partial<Quote> = {}): Quote => ({
  assetId: ids.asset,
  bid: new Decimal('49.99'),
  ask: new Decimal('50.00'),
  last: new Decimal('50.00'),
  sequence: 1n,
  at: marketTime,
  ...change,
});

export const aDraft = (change: Partial<Draft> = {}): Draft => ({
  id: ids.order,
  customerId: ids.alice,
  idempotencyKey: 'key-1',
  requestHash: 'hash-1',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'DAY',
  quantity: new Decimal(10),
  amount: null,
  limitPrice: new Decimal('50.00'),
  stopPrice: null,
  strategyOrderId: null,
  rebalanceRunId: null,
  ...change,
});

export const knowing = (change: Partial<Knowledge> = {}): Knowledge => ({
  account: anAccount(),
  plan: 'standard',
  asset: anAsset(),
  quote: aQuote(),
  now: marketTime,
  hours: marketHours('nyse'),
  ...change,
});

export const someTerms = (change: Partial<Terms> = {}): Terms => ({
  id: ids.order,
  customerId: ids.alice,
  idempotencyKey: 'key-1',
  requestHash: 'hash-1',
  accountId: ids.account,
  assetId: ids.asset,
  symbol: 'ABC',
  assetName: 'Alphabet Blocks',
  currency: 'USD',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'DAY',
  quantity: new Decimal(10),
  amount: null,
  limitPrice: new Decimal('50.00'),
  stopPrice: null,
  venuePrice: new Decimal('50.00'),
  tradeValue: null,
  holdAmount: new Decimal('500.50'),
  commissionPlan: 'standard',
  commissionDate: '2026-07-15',
  strategyOrderId: null,
  rebalanceRunId: null,
  expiresAt: new Date('2026-07-15T20:00:00.000Z'),
  createdAt: marketTime,
  ...change,
});

/** An order that was just recorded. */
export const aNewDossier = (change: Partial<Terms> = {}): Dossier => ({
  order: begin(someTerms(change), null).order,
  days: [],
  rebased: null,
  knownExecutions: new Set(),
  overfills: new Set(),
  waiting: [],
});

const filledStatuses: readonly OrderStatus[] = ['PARTIALLY_FILLED', 'FILLED'];

/** An order in any state, as far as a single state tells: filled states have one execution. */
export function aDossier(status: OrderStatus, change: Partial<Order> = {}): Dossier {
  const isFilled = filledStatuses.includes(status);
  const quantity = isFilled ? new Decimal(status === 'FILLED' ? 10 : 4) : zero;
  const gross = quantity.times(50);
  const order: Order = {
    ...aNewDossier().order,
    status,
    version: 5,
    filledQuantity: quantity,
    filledGross: gross,
    filledValue: gross,
    fees: { ...noFees, commission: gross.div(1_000) },
    executions: isFilled ? 1 : 0,
    ...change,
  };
  return {
    order,
    days: isFilled ? [{ tradeDate: '2026-07-15', quantity, gross }] : [],
    rebased: null,
    knownExecutions: new Set(isFilled ? ['known'] : []),
    overfills: new Set(),
    waiting: [],
  };
}

/** Four new shares for one from the day after the market time on. */
export const aSplit = (
  change: Partial<Split> = {},
  { ticks = null, fractionable = true }: Partial<SplitMessage> = {},
): SplitMessage => ({
  event: 'REBASED',
  split: {
    ...{ actionId: 'action-1', exDate: '2026-07-16', numerator: 4, denominator: 1 },
    ...change,
  },
  ...{ ticks, fractionable },
});
