import type { QueryResolvers } from '../../generated/graphql.ts';
import { previewOrder as preview } from '../../queries/preview-order.ts';
import { requireOwnAccount } from '../access.ts';
import { askedOf, assetNamed } from '../asked.ts';
import { refusalMessages } from '../refusal-messages.ts';

export const previewOrder: NonNullable<QueryResolvers['previewOrder']> = async (
  _,
  { input },
  context,
) => {
  const asset = assetNamed(input.assetId, 'input.assetId');
  const account = await requireOwnAccount(context, input.accountId, 'input.accountId');
  const previewed = await preview(context, { asked: askedOf(input), account, asset });
  return previewed.ok
    ? { __typename: 'PreviewOrderSuccess', preview: previewed.value }
    : {
        __typename: 'PreviewOrderRefusal',
        code: previewed.error,
        message: refusalMessages[previewed.error],
      };
};
