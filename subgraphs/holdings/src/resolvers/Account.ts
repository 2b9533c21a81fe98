import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import { boundedText } from '@simplebank/chassis/scalars';
import { isUuid } from '@simplebank/kernel/ids';
import type { Context } from '../context.ts';
import type { AccountResolvers } from '../generated/graphql.ts';
import { lotFields } from '../lots/index.ts';
import { accountFields } from '../performance/index.ts';
import { currentHoldingsMax, placeOf, readPlace } from './holding-pages.ts';

export const Account: AccountResolvers = {
  /** One that is not known here yet shows nothing, and so does another's: they look the same. */
  __resolveReference: ({ id }, { viewer }) =>
    isUuid(id) && viewer.kind === 'principal' ? { id } : null,
  ...accountFields,
  ...lotFields,
  currentHoldings: ({ id }, _, { loaders }) =>
    shown(loaders, { accountId: id, max: currentHoldingsMax, after: null }),
  holding: async ({ id }, { assetId }, { loaders }) => {
    const asset = assetNamed(assetId);
    return (await loaders.accounts.load(id))
      ? loaders.positions.load({ accountId: id, asset })
      : null;
  },
  holdingsPage: async ({ id }, page, { loaders }) => {
    const { first, after } = pageAsked(page, readPlace);
    const rows = await shown(loaders, { accountId: id, max: first + 1, after });
    return toConnection(rows, { first, placeOf });
  },
};

const assetCharsMax = 36;

/** By UUID or by symbol, in any case. Throws BAD_INPUT for what is neither. */
function assetNamed(text: string) {
  const name = boundedText(text, { field: 'assetId', max: assetCharsMax });
  return isUuid(name.toLowerCase()) ? { id: name.toLowerCase() } : { symbol: name.toUpperCase() };
}

type Wish = Parameters<Context['loaders']['holdings']['load']>[0];

/** Fills may come before their account: whose shares they are is not known until it is here. */
const shown = async ({ accounts, holdings }: Context['loaders'], wish: Wish) =>
  (await accounts.load(wish.accountId)) ? holdings.load(wish) : [];
