import type { Cause, Fact } from '@simplebank/contracts/event';
import {
  StrategyArchivedV1,
  StrategyCreatedV1,
  StrategyOrderCompletedV1,
  StrategyOrderCreatedV1,
  StrategyOrderReadyV1,
  StrategyVersionPublishedV1,
} from '@simplebank/contracts/strategies';
import { endOf, type StrategyOrder } from '../investing/domain/strategy-order.ts';
import type { Strategy } from '../strategies/domain/strategy.ts';

const about = ({ id, eventVersion }: { id: string; eventVersion: number }, cause: Cause) => ({
  aggregateId: id,
  aggregateVersion: eventVersion,
  cause,
});

const versionOf = ({ id, number, name, version, slices }: Strategy) => ({
  strategyId: id,
  number: number.toString(),
  name,
  version,
  slices: slices.map(({ assetId, percentage }) => ({
    assetId,
    percentage: percentage.toFixed(2),
  })),
});

export const strategyCreated = (strategy: Strategy, cause: Cause): Fact => ({
  ...about(strategy, cause),
  contract: StrategyCreatedV1,
  payload: { ...versionOf(strategy), createdById: strategy.createdById },
});

export const strategyVersionPublished = (strategy: Strategy, cause: Cause): Fact => ({
  ...about(strategy, cause),
  contract: StrategyVersionPublishedV1,
  payload: versionOf(strategy),
});

export const strategyArchived = (strategy: Strategy, cause: Cause): Fact => ({
  ...about(strategy, cause),
  contract: StrategyArchivedV1,
  payload: { strategyId: strategy.id },
});

export const strategyOrderCreated = (order: StrategyOrder, cause: Cause): Fact => {
  const { id, number, strategyId, accountId, customerId, amount, currency, paymentId } = order;
  const whose = { strategyId, accountId, customerId };
  const money = { amount: amount.toFixed(), currency, paymentId };
  return {
    ...about(order, cause),
    contract: StrategyOrderCreatedV1,
    payload: { strategyOrderId: id, number: number.toString(), ...whose, ...money },
  };
};

/** The parts that are to be ordered; the order's event version counts this fact already. */
export const strategyOrderReady = (order: StrategyOrder, cause: Cause): Fact => {
  const { id, strategyId, accountId, customerId, currency } = order;
  const parts = order.parts
    .filter(({ status }) => status === 'REQUESTED')
    .map(({ assetId, amount }) => ({ assetId, amount: amount.toFixed() }));
  return {
    ...about(order, cause),
    contract: StrategyOrderReadyV1,
    payload: { strategyOrderId: id, strategyId, accountId, customerId, currency, parts },
  };
};

export const strategyOrderCompleted = (order: StrategyOrder, cause: Cause): Fact => {
  const { id, strategyId, accountId, customerId, status } = order;
  const end = endOf(status);
  if (end === null) throw new Error(`strategy order ${id} is ${status}, which is no end`);
  return {
    ...about(order, cause),
    contract: StrategyOrderCompletedV1,
    payload: { strategyOrderId: id, strategyId, accountId, customerId, status: end },
  };
};
