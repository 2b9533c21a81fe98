import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { accountByIdOrNumber, accountsOf } from '../../queries/accounts.ts';
import { maySee } from '../accounts.ts';
import { currentHoldingsMax } from '../holding-pages.ts';

export const holdings: NonNullable<QueryResolvers['holdings']> = async (
  _,
  { accountId },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const { loaders } = context;
  const accounts = accountId ? [await visible(accountId)] : await accountsOf(context, customerId);
  const pages = await loaders.holdings.loadMany(
    accounts.map(({ id }) => ({ accountId: id, max: currentHoldingsMax, after: null })),
  );
  return pages
    .flatMap((page) => {
      if (page instanceof Error) throw page;
      return page;
    })
    .slice(0, currentHoldingsMax);

  async function visible(text: string) {
    const account = await accountByIdOrNumber(context, text);
    if (account && maySee(context.viewer, account)) return account;
    throw new PublicError('NOT_FOUND', 'There is no such account.', { field: 'accountId' });
  }
};
