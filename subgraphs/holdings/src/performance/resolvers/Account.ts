import type { Context } from '../../context.ts';
import type { AccountResolvers } from '../../generated/graphql.ts';
import type { PortfolioWish } from '../data/portfolios.ts';
import { driftFrom } from '../domain/account-drift.ts';
import { allocationOf } from '../domain/allocation.ts';
import { performanceOf } from '../queries/performance.ts';

/** Null for an account that is not known here yet: whose money it is, is not known either. */
async function wishOf(id: string, { loaders }: Context): Promise<PortfolioWish | null> {
  const account = await loaders.accounts.load(id);
  return account && { accountId: account.id, currency: account.currency };
}

export const accountFields: Pick<AccountResolvers, 'performance' | 'allocation' | 'drift'> = {
  performance: async ({ id }, asked, context) => {
    const wish = await wishOf(id, context);
    if (!wish) return null;
    const { clock, loaders } = context;
    return performanceOf({ clock, loads: loaders.performance }, wish, asked);
  },
  allocation: async ({ id }, { by }, context) => {
    const wish = await wishOf(id, context);
    if (!wish) return null;
    const portfolio = await context.loaders.performance.portfolios.load(wish);
    return { portfolio, parts: allocationOf(portfolio, by) };
  },
  drift: async ({ id }, _, context) => {
    const wish = await wishOf(id, context);
    if (!wish) return null;
    const { elected, portfolios } = context.loaders.performance;
    const [strategy, portfolio] = await Promise.all([elected.load(id), portfolios.load(wish)]);
    return strategy && { portfolio, ...driftFrom(portfolio, strategy) };
  },
};
