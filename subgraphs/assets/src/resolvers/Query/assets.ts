import { boundedText } from '@simplebank/chassis/scalars';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { assetPage, assetPageMax, assetSearchPageMax } from '../../queries/assets.ts';
import { pageSize, placeOf } from '../paging.ts';

const searchCharsMax = 64;

export const assets: NonNullable<QueryResolvers['assets']> = (_, args, context) => {
  const text = boundedText(args.search ?? '', { field: 'search', max: searchCharsMax, min: 0 });
  const first = pageSize(args.first, text ? assetSearchPageMax : assetPageMax);
  const after = placeOf(args.after, ([rank, symbol]) =>
    (rank === 0 || rank === 1) && typeof symbol === 'string' ? { rank, symbol } : null,
  );
  return assetPage(context, { first, after, text });
};
