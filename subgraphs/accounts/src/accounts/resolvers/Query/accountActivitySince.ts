import { requirePrincipal } from '@simplebank/chassis/auth';
import { pageAsked } from '@simplebank/chassis/connections';
import { PublicError } from '@simplebank/chassis/errors';
import { parseIdOrNumber } from '@simplebank/kernel/ids';
import type { QueryResolvers } from '../../../generated/graphql.ts';
import { activitiesSince, readToldPlace } from '../../../ledger/index.ts';
import { accountBy } from '../../queries/accounts.ts';

export const accountActivitySince: NonNullable<QueryResolvers['accountActivitySince']> = async (
  _,
  { accountId, ...page },
  context,
) => {
  requirePrincipal(context.viewer);
  const asked = pageAsked(page, readToldPlace);
  const field = 'accountId';
  if (!parseIdOrNumber(accountId)) {
    throw new PublicError('BAD_INPUT', 'Expected a UUID or a number.', { field });
  }
  const account = await accountBy(context, accountId);
  if (!account) throw new PublicError('NOT_FOUND', 'There is no such account.', { field });
  const found = await activitiesSince(context.db, account.id, asked);
  return {
    ...found,
    accountId: account.id,
    nodes: found.nodes.map((node) => ({ ...node, account })),
  };
};
