import { PublicError } from '@simplebank/chassis/errors';
import { setAssetState as setState } from '../../commands/set-asset-state.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { assetByIdOrSymbol } from '../../queries/assets.ts';
import { keyReused, optionalKeyOf, requireStaff } from '../staff.ts';

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
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const order = { assetId: known.id, state: input.state, idempotencyKey };
  const changed = await setState(context, order, staff);
  if (changed.ok) {
    const asset = await context.loaders.assets.clear(known.id).load(known.id);
    if (!asset) throw new Error(`asset ${known.id} is gone`);
    return { __typename: 'SetAssetStateSuccess', asset };
  }
  const { error } = changed;
  const message =
    error.code === 'STATE_NOT_ALLOWED'
      ? `There is no way from ${error.from} to ${input.state}.`
      : keyReused;
  return { __typename: 'SetAssetStateRefusal', code: error.code, message };
};
