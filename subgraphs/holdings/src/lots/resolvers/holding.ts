import type { HoldingResolvers } from '../../generated/graphql.ts';
import { lotPage } from './pages.ts';

export const holdingLots: NonNullable<HoldingResolvers['lots']> = (
  { accountId, assetId },
  { state, ...page },
  context,
) => lotPage(context, { accountId, assetId, state: state ?? null }, page);
