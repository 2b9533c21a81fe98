import { pageAsked, toConnection } from '@simplebank/chassis/connections';
import type { AccountResolvers } from '../../generated/graphql.ts';
import { following } from '../domain/election.ts';

/** Reads a place in the history of an account's elections. */
const sequenceAt = ([place]: readonly unknown[]): number | null =>
  typeof place === 'number' && Number.isInteger(place) && place > 0 && place < 2 ** 31
    ? place
    : null;

/** What elections add to an account; what the viewer may not see has none. */
export const Account: Pick<AccountResolvers, 'election' | 'elections'> = {
  election: async ({ id }, _, { loaders }) =>
    (await loaders.accounts.load(id)) ? following(await loaders.elections.load(id)) : null,
  elections: async ({ id }, args, { loaders }) => {
    const { first, after } = pageAsked(args, sequenceAt);
    const isReadable = await loaders.accounts.load(id);
    const rows = isReadable
      ? await loaders.electionPages.load({ accountId: id, first, after })
      : [];
    return toConnection(rows, { first, placeOf: ({ sequence }) => [sequence] });
  },
};
