import type { MutationResolvers } from '../../../generated/graphql.ts';
import { announceAction } from '../../commands/announce-action.ts';
import { dividendTerms } from '../../domain/action.ts';
import { actorOf, messages, rateOf, reload, requireAsset } from '../input.ts';

export const announceDividend: NonNullable<MutationResolvers['announceDividend']> = async (
  _,
  { input },
  context,
) => {
  const { staff, key: idempotencyKey } = actorOf(context, input);
  const asset = await requireAsset(context, input.assetId);
  const { exDate, payDate } = input;
  const rate = rateOf(input.rate);
  const terms = dividendTerms({ rate, currency: asset.currency, payDate }, exDate);
  const command = 'announceDividend';
  const draft = { command, asset, exDate, terms, idempotencyKey } as const;
  const announced = await announceAction(context, draft, staff);
  if (announced.ok) {
    const action = await reload(context, announced.value);
    return { __typename: 'AnnounceDividendSuccess', action };
  }
  const { code } = announced.error;
  return { __typename: 'AnnounceDividendRefusal', code, message: messages[code] };
};
