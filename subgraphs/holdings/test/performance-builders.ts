import { randomUUID } from 'node:crypto';
import {
  CashCorrectedV1,
  DividendPaidV1,
  PaymentCompletedV1,
  PaymentReturnedV1,
} from '@simplebank/contracts/accounts';
import { PriceClosedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import {
  StrategyCreatedV1,
  StrategyElectedV1,
  StrategyVersionPublishedV1,
} from '@simplebank/contracts/strategies';

type About = { readonly type: string; readonly aggregateId: string; readonly version?: number };

function anEvent<P>({ type, aggregateId, version = 1 }: About, payload: P, day = '2026-11-20') {
  return {
    ...{ eventId: randomUUID(), type, aggregateId, aggregateVersion: version },
    // Noon in New York, or one o'clock.
    occurredAt: `${day}T17:00:00.000Z`,
    ...{ correlationId: 'test', causationId: null, traceparent: null, payload },
  } satisfies Envelope<P>;
}

export type PaymentFact = {
  readonly accountId: string;
  readonly kind: 'DEPOSIT' | 'WITHDRAWAL';
  readonly amount: string;
  readonly day: string;
  readonly paymentId?: string;
};

const payment = ({ accountId, kind, amount, paymentId = randomUUID() }: PaymentFact) => ({
  ...{ paymentId, number: '1', accountId, kind, amount, currency: 'USD' },
});

export function paid(fact: PaymentFact): Envelope<PaymentCompletedV1> {
  const payload = payment(fact);
  const about = { type: PaymentCompletedV1.name, aggregateId: payload.paymentId, version: 2 };
  return anEvent(about, payload, fact.day);
}

export function returned(fact: PaymentFact): Envelope<PaymentReturnedV1> {
  const payload = { ...payment(fact), reason: 'R01' };
  const about = { type: PaymentReturnedV1.name, aggregateId: payload.paymentId, version: 3 };
  return anEvent(about, payload, fact.day);
}

export type MoneyFact = {
  readonly accountId: string;
  readonly amount: string;
  readonly day: string;
};

export const corrected = ({ accountId, amount, day }: MoneyFact): Envelope<CashCorrectedV1> => {
  const transactionId = randomUUID();
  return anEvent(
    { type: CashCorrectedV1.name, aggregateId: transactionId },
    { accountId, transactionId, amount, currency: 'USD', bookedOn: day },
  );
};

export const dividendPaid = ({ accountId, amount, day }: MoneyFact): Envelope<DividendPaidV1> => {
  const actionId = randomUUID();
  return anEvent(
    { type: DividendPaidV1.name, aggregateId: `${actionId}:${accountId}` },
    {
      ...{ actionId, accountId, assetId: randomUUID(), symbol: 'ABC' },
      ...{ amount, currency: 'USD', paidOn: day },
    },
  );
};

export const closed = (
  date: string,
  closes: readonly (readonly [assetId: string, close: string])[],
  version = 1,
): Envelope<PriceClosedV1> =>
  anEvent(
    { type: PriceClosedV1.name, aggregateId: date, version },
    { date, closes: closes.map(([assetId, close]) => ({ assetId, close, currency: 'USD' })) },
  );

type Slices = readonly (readonly [assetId: string | null, percentage: string])[];

export function strategy(strategyId: string, slices: Slices, version = 1) {
  const type = version === 1 ? StrategyCreatedV1.name : StrategyVersionPublishedV1.name;
  const shown = slices.map(([assetId, percentage]) => ({ assetId, percentage }));
  const about = { strategyId, number: '7', name: 'Halves', version, slices: shown };
  const by = version === 1 ? { createdById: randomUUID() } : {};
  return anEvent({ type, aggregateId: strategyId, version }, { ...about, ...by });
}

export const elected = (
  accountId: string,
  strategyId: string | null,
  version = 1,
): Envelope<StrategyElectedV1> =>
  anEvent(
    { type: StrategyElectedV1.name, aggregateId: accountId, version },
    { accountId, customerId: randomUUID(), strategyId },
  );
