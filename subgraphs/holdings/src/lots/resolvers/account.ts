import { PublicError } from '@simplebank/chassis/errors';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { AccountResolvers } from '../../generated/graphql.ts';
import { gainPage, lotPage } from './pages.ts';

type Fields = Pick<AccountResolvers, 'lots' | 'realizedGains' | 'holdingsTotal'>;

const assetOf = (id: string | null | undefined, field: string): string | null =>
  id === null || id === undefined ? null : uuidOf(id, field);

/** Null for an account not known here yet: whose lots they are is not known until it is here. */
export const lotFields: Fields = {
  lots: async ({ id: accountId }, { filter, ...page }, context) => {
    const assetId = assetOf(filter?.assetId, 'filter.assetId');
    if (!(await context.loaders.accounts.load(accountId))) return null;
    const state = filter?.state === undefined ? 'OPEN' : filter.state;
    return lotPage(context, { accountId, assetId, state }, page);
  },
  realizedGains: async ({ id: accountId }, { from, to, assetId, ...page }, context) => {
    const asset = assetOf(assetId, 'assetId');
    if (from && to && to < from) {
      throw new PublicError('BAD_INPUT', 'Expected a day not before `from`.', { field: 'to' });
    }
    if (!(await context.loaders.accounts.load(accountId))) return null;
    const scope = { accountId, assetId: asset, from: from ?? null, to: to ?? null };
    return gainPage(context, scope, page);
  },
  holdingsTotal: async ({ id }, _, { loaders }) =>
    (await loaders.accounts.load(id)) ? loaders.lots.totals.load(id) : null,
};
