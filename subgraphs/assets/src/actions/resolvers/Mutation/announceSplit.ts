import type { MutationResolvers } from '../../../generated/graphql.ts';
import { announceAction } from '../../commands/announce-action.ts';
import { splitTerms } from '../../domain/action.ts';
import { actorOf, messages, reload, requireAsset } from '../input.ts';

export const announceSplit: NonNullable<MutationResolvers['announceSplit']> = async (
  _,
  { input },
  context,
) => {
  const { staff, key: idempotencyKey } = actorOf(context, input);
  const asset = await requireAsset(context, input.assetId);
  const { exDate, numerator, denominator } = input;
  const terms = splitTerms({ numerator, denominator });
  const command = 'announceSplit';
  const draft = { command, asset, exDate, terms, idempotencyKey } as const;
  const announced = await announceAction(context, draft, staff);
  if (announced.ok) {
    const action = await reload(context, announced.value);
    return { __typename: 'AnnounceSplitSuccess', action };
  }
  const { code } = announced.error;
  return { __typename: 'AnnounceSplitRefusal', code, message: messages[code] };
};
