import type { Result } from '@simplebank/kernel/result';
import { findListing } from '../data/knowledge.ts';
import { findPlans } from '../data/plans.ts';
import type { Deps } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import type { Asked, TermsRefusal } from '../domain/draft.ts';
import { defaultPlan } from '../domain/fee-schedule.ts';
import { type Preview, preview } from '../domain/preview.ts';

export type PreviewOrder = {
  readonly asked: Asked;
  /** The caller owns it; the resolver has seen to that. */
  readonly account: Account;
  readonly asset: { readonly id: string } | { readonly symbol: string };
};

/** What placing this order now would cost and set aside, or why it would be refused. */
export async function previewOrder(
  { db, clock, hours }: Deps,
  { asked, account, asset: name }: PreviewOrder,
): Promise<Result<Preview, TermsRefusal>> {
  const [{ asset, quote }, [plan = defaultPlan]] = await Promise.all([
    findListing(db, name),
    findPlans(db, [account.id]),
  ]);
  return preview(asked, { account, plan, asset, quote, now: clock.now(), hours });
}
