import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import type { PlanResolvers, PlanRunResolvers } from '../../generated/graphql.ts';
import { nextRunOn } from '../domain/plan.ts';

const isoDate = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Reads a place in the list of a plan's runs: a day that exists. */
function periodAt([place]: readonly unknown[]): string | null {
  if (typeof place !== 'string' || !isoDate.test(place)) return null;
  const day = new Date(`${place}T00:00:00Z`);
  return day.toISOString().startsWith(place) ? place : null;
}

export const Plan: PlanResolvers = {
  __resolveReference: ({ id }, { loaders }) => (isUuid(id) ? loaders.plans.load(id) : null),
  number: ({ number }) => number.toString(),
  amount: ({ amount, currency }) => ({ amount, currency }),
  account: ({ accountId }) => ({ id: accountId }),
  async strategy({ id, strategyId }, _, { loaders }) {
    const strategy = await loaders.strategies.load(strategyId);
    if (!strategy) throw new Error(`plan ${id} has no strategy`);
    return strategy;
  },
  nextRunOn: (plan) => nextRunOn(plan),
  runs: async ({ id, currency }, args, { loaders }) => {
    const { first, after } = pageAsked(args, periodAt);
    const rows = await loaders.runPages.load({ planId: id, first, after });
    const runs = rows.map((run) => ({ ...run, currency }));
    return toConnection(runs, { first, placeOf: ({ period }) => [period] });
  },
};

export const PlanRun: PlanRunResolvers = {
  amount: ({ amount, currency }) => ({ amount, currency }),
  payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
  strategyOrder: ({ strategyOrderId }, _, { loaders }) =>
    strategyOrderId === null ? null : loaders.strategyOrders.load(strategyOrderId),
};
