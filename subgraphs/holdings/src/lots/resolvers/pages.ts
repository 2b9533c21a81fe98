import {
  type PageArguments,
  pageAsked,
  timePlace,
  toConnection,
} from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import type { Context } from '../../context.ts';
import type { GainScope, GainWish } from '../data/gains.ts';
import type { LotWish } from '../data/lot-pages.ts';

const readTimed = <Name extends string>(name: Name) => {
  return ([at, id]: readonly unknown[]) => {
    const time = timePlace(at);
    if (time === null || typeof id !== 'string' || !isUuid(id)) return null;
    return { [name]: time, id } as Record<Name, Date> & { readonly id: string };
  };
};

type Of = Omit<LotWish, 'after' | 'max'>;

/** Throws BAD_INPUT for a page out of bounds. */
export async function lotPage({ loaders }: Context, of: Of, page: PageArguments) {
  const { first, after } = pageAsked(page, readTimed('acquiredAt'));
  const rows = await loaders.lots.lots.load({ ...of, after, max: first + 1 });
  return toConnection(rows, {
    first,
    placeOf: ({ acquiredAt, id }) => [acquiredAt.toISOString(), id],
  });
}

/** The page, and what its totals are of: they are summed only when they are asked for. */
export async function gainPage({ loaders }: Context, scope: GainScope, page: PageArguments) {
  const { first, after: before } = pageAsked(page, readTimed('soldAt'));
  const wish: GainWish = { ...scope, before, max: first + 1 };
  const rows = await loaders.lots.gains.load(wish);
  const connection = toConnection(rows, {
    first,
    placeOf: ({ soldAt, id }) => [soldAt.toISOString(), id],
  });
  return { ...connection, scope };
}
