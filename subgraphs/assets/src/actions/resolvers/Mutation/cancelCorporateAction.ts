import { PublicError } from '@simplebank/chassis/errors';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { cancelAction } from '../../commands/cancel-action.ts';
import { actorOf, messages, reload } from '../input.ts';

export const cancelCorporateAction: NonNullable<
  MutationResolvers['cancelCorporateAction']
> = async (_, { input }, context) => {
  const { staff, key: idempotencyKey } = actorOf(context, input);
  const actionId = uuidOf(input.actionId, 'input.actionId');
  if (!(await context.loaders.actions.load(actionId))) {
    const message = 'There is no such corporate action.';
    throw new PublicError('NOT_FOUND', message, { field: 'input.actionId' });
  }
  const canceled = await cancelAction(context, { actionId, idempotencyKey }, staff);
  if (canceled.ok) {
    const action = await reload(context, canceled.value);
    return { __typename: 'CancelCorporateActionSuccess', action };
  }
  const { code } = canceled.error;
  return { __typename: 'CancelCorporateActionRefusal', code, message: messages[code] };
};
