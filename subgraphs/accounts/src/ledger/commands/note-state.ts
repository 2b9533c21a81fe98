import type { Currency } from '@simplebank/kernel/money';
import type { Tx } from '../../data/client.ts';
import { insertActivities } from '../data/activities.ts';
import { noteOf } from '../domain/activity.ts';

type Stated = { readonly id: string; readonly currency: Currency; readonly status: string };

/** Tells the owners of an account in its feed which state it has from now on, and not why. */
export const noteState = (tx: Tx, { id, currency, status }: Stated, at: Date): Promise<void> =>
  insertActivities(tx, [noteOf({ kind: 'ACCOUNT_STATE', at, accountId: id, currency, status })]);
