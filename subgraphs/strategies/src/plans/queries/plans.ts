import type { Viewer } from '@simplebank/chassis/auth';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Deps } from '../../deps.ts';
import { ownAccount, readable } from '../../queries/accounts.ts';
import { findPlan } from '../data/plans.ts';
import type { Plan } from '../domain/plan.ts';

type Reader = Pick<Deps, 'db'>;

/** Null when it is unknown or of another customer's account. */
export async function visiblePlan(
  deps: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<Plan | null> {
  const [visible] = await readable(deps, viewer, [await findPlan(deps.db, key)]);
  return visible ?? null;
}

/** Null when it is unknown or not of one of the viewer's own accounts. */
export async function ownPlan(deps: Reader, viewer: Viewer, key: IdOrNumber): Promise<Plan | null> {
  const plan = await findPlan(deps.db, key);
  return plan && (await ownAccount(deps, viewer, { id: plan.accountId })) ? plan : null;
}
