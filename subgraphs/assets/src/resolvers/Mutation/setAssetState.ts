import { PublicError } from '@simplebank/chassis/errors';
import { setAssetState as setState } from '../../commands/set-asset-state.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { assetByIdOrSymbol } from '../../queries/assets.ts';
import { requireStaff } from '../staff.ts';

const notFound = () =>
  new PublicError('NOT_FOUND', 'There is no such asset.', { field: 'input.assetId' });

export const setAssetState: NonNullable<MutationResolvers['setAssetState']> = async (
  _,
  { input },
  context,
) => {
  const staff = requireStaff(context, input.reason);
  const known = await assetByIdOrSymbol(context, input.assetId);
  if (!known) throw notFound();
  const changed = await setState(context, { assetId: known.id, state: input.state }, staff);
  if (!changed) throw notFound();
  return changed.ok
    ? { __typename: 'SetAssetStateSuccess', asset: changed.value }
    : {
        __typename: 'SetAssetStateRefusal',
        code: changed.error,
        message: `There is no way from ${known.state} to ${input.state}.`,
      };
};
