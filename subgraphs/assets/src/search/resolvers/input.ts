import { PublicError } from '@simplebank/chassis/errors';
import { boundedText } from '@simplebank/chassis/scalars';
import type { AssetFilterInput } from '../../generated/graphql.ts';
import type { SearchAsked } from '../queries/search.ts';

const searchCharsMax = 64;
const sectorCharsMax = 200;
const valuesMax = 20;

type Asked = {
  readonly search?: string | null | undefined;
  readonly filter?: AssetFilterInput | null | undefined;
};

/** Throws BAD_INPUT that names the argument when it breaks its bounds. */
export function searchAsked({ search, filter }: Asked): SearchAsked {
  const text = boundedText(search ?? '', { field: 'search', max: searchCharsMax, min: 0 });
  const sectors = listed(filter?.sector, 'filter.sector');
  return {
    text,
    filter: {
      types: listed(filter?.type, 'filter.type'),
      sectors: sectors.map((one) =>
        boundedText(one, { field: 'filter.sector', max: sectorCharsMax }),
      ),
      states: listed(filter?.state, 'filter.state'),
    },
  };
}

function listed<T>(values: readonly T[] | null | undefined, field: string): readonly T[] {
  const once = [...new Set(values ?? [])];
  if (once.length <= valuesMax) return once;
  throw new PublicError('BAD_INPUT', `Expected at most ${valuesMax} values.`, { field });
}
