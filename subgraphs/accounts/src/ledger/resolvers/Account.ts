import { PublicError } from '@simplebank/chassis/errors';
import { uuidOf } from '@simplebank/chassis/scalars';
import type { AccountResolvers, ActivityFilter as Asked } from '../../generated/graphql.ts';
import type { ActivityFilter } from '../data/activities.ts';
import { activitiesCsvOf, activitiesOf, csvRows } from '../queries/activities.ts';

export const Account: AccountResolvers = {
  activities: ({ id }, { filter, ...page }, { db }) =>
    activitiesOf(db, id, { ...page, filter: filterOf(filter) }),
  activitiesCsv: ({ id }, { rows, after, filter }, { db }) =>
    activitiesCsvOf(db, id, { first: rowsOf(rows), after, filter: filterOf(filter) }),
};

/** Throws BAD_INPUT for a number of rows out of bounds. */
function rowsOf(rows: number | null | undefined): number {
  const count = rows ?? csvRows.usual;
  if (count >= 1 && count <= csvRows.max) return count;
  throw new PublicError('BAD_INPUT', `Expected 1 to ${csvRows.max}.`, { field: 'rows' });
}

/** Throws BAD_INPUT for an order that has no id. */
const filterOf = (asked: Asked | null | undefined): ActivityFilter => ({
  kinds: asked?.kinds ?? null,
  orderId: asked?.orderId ? uuidOf(asked.orderId, 'filter.orderId') : null,
  from: asked?.from ?? null,
  to: asked?.to ?? null,
});
