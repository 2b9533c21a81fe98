import { timePlace } from '@simplebank/chassis/connections';
import { isUuid } from '@simplebank/kernel/ids';
import type { CorporateAction } from '../domain/action.ts';
import type { ActionPlace } from '../queries/actions.ts';

/** Null for what is no place of a list of actions. */
export function readPlace([exDate, id]: readonly unknown[]): ActionPlace | null {
  if (typeof exDate !== 'string' || typeof id !== 'string' || !isUuid(id)) return null;
  return timePlace(`${exDate}T00:00:00.000Z`)?.toISOString().startsWith(exDate)
    ? { exDate, id }
    : null;
}

export const placeOf = ({ exDate, id }: CorporateAction) => [exDate, id];
