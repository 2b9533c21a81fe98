import type { Handler, LockFirst } from '@simplebank/chassis/consumer';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { lockBalances } from '../ledger/index.ts';
import { onDividendDue } from './on-dividend-due.ts';
import { onMonthClosed } from './on-month-closed.ts';
import { onOrderCompleted } from './on-order-completed.ts';
import { onOrderCreated } from './on-order-created.ts';
import { onOrderFilled } from './on-order-filled.ts';
import { onPlanRunFunding } from './on-plan-run-funding.ts';
import { onPositionChanged } from './on-position-changed.ts';
import { onPositionSplit } from './on-position-split.ts';

/** What accounts listens to. Each may come in any order and any number of times. */
export const consumers = (deps: Deps): readonly Handler<Tx>[] => [
  onOrderCreated(deps),
  onOrderFilled(deps),
  onOrderCompleted(deps),
  onMonthClosed(deps),
  onPositionChanged(deps),
  onPlanRunFunding(deps),
  onPositionSplit(deps),
  onDividendDue(deps),
];

type OfAccount = { readonly accountId: string };

/** The money of all accounts of a batch, in one order (domain §2.5, rule 7). */
export const lockAccounts: LockFirst<Tx> = async (tx, events) => {
  await lockBalances(
    tx,
    events.map(({ payload }) => (payload as OfAccount).accountId),
  );
};
