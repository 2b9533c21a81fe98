import { outboxRows, publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { findAccounts, findListings, type Listing } from '../data/copies.ts';
import { findOrders } from '../data/orders.ts';
import { findPlans } from '../data/plans.ts';
import { insertOrders } from '../data/save-orders.ts';
import type { Deps, Transaction } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import type { Step } from '../domain/advance.ts';
import type { PartRefusal } from '../domain/draft.ts';
import type { CommissionPlan } from '../domain/fee-schedule.ts';
import { defaultPlan } from '../domain/fee-schedule.ts';
import { begin } from '../domain/history.ts';
import { place } from '../domain/placement.ts';
import type { Part } from '../domain/strategy-part.ts';
import { inWholeShares } from '../domain/whole-shares.ts';
import { factsOf, partRefused } from '../events/published.ts';
import { auditRow } from './audit.ts';

/** What strategies asks for in one event: parts of one investment or of one rebalancing. */
export type PartsAsked = {
  readonly command: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly parts: readonly Part[];
  readonly cause: Cause;
};

type Refused = { readonly part: Part; readonly code: PartRefusal };
type Placed = { readonly part: Part; readonly step: Step } | Refused;

/**
 * Makes one order of each part; a part that may not be placed is told as a rejection without an
 * order. False when the account, an asset or a first quote that decides is not known here yet:
 * then nothing is written, and the parts are told again.
 */
export async function placeParts(tx: Transaction, deps: Deps, asked: PartsAsked): Promise<boolean> {
  const assetIds = asked.parts.map(({ assetId }) => assetId);
  const [account] = await findAccounts(tx, { ids: [asked.accountId], numbers: [] });
  const [plan = defaultPlan] = await findPlans(tx, [asked.accountId]);
  const listings = await findListings(tx, assetIds);
  if (!account || listings.length < new Set(assetIds).size) return false;

  const byAsset = new Map(listings.map((listing) => [listing.asset?.id, listing]));
  const placed = asked.parts.map((part) => {
    const listing = byAsset.get(part.assetId) ?? { asset: null, quote: null };
    return placePart(deps, part, { account, plan, listing, cause: asked.cause });
  });
  const isUnpriced = (one: Placed) =>
    'code' in one && one.code === 'PRICE_UNAVAILABLE' && !byAsset.get(one.part.assetId)?.quote;
  if (placed.some(isUnpriced)) return false;
  await record(tx, deps, { asked, placed, byAsset });
  return true;
}

type Around = {
  readonly account: Account;
  readonly plan: CommissionPlan;
  readonly listing: Listing;
  readonly cause: Cause;
};

function placePart(deps: Deps, part: Part, around: Around): Placed {
  const { account, plan, listing, cause } = around;
  const known = { account, plan, ...listing, now: deps.clock.now(), hours: deps.hours };
  const draft = inWholeShares(part.draft, known);
  if (!draft.ok) return { part, code: draft.error };
  const decision = place(draft.value, known);
  if (!decision.ok) return { part, code: decision.error };
  return { part, step: begin(decision.value, cause.causationId) };
}

type Record = {
  readonly asked: PartsAsked;
  readonly placed: readonly Placed[];
  readonly byAsset: ReadonlyMap<string | undefined, Listing>;
};

async function record(
  tx: Transaction,
  deps: Deps,
  { asked, placed, byAsset }: Record,
): Promise<void> {
  const { accountId, currency, cause } = asked;
  const orders = placed.flatMap((one) => ('step' in one ? [one] : []));
  const steps = orders.map(({ step }) => step);
  const tellings = outboxRows(
    deps,
    steps.flatMap((step) => factsOf(step, cause)),
  );
  const isNew = await insertOrders(
    tx,
    steps.map((step) => newOrder(deps, asked, step)),
    tellings,
  );
  const notMade: readonly Refused[] = placed.flatMap((one) => {
    if ('code' in one) return [one];
    const { part } = one;
    return isNew.has(part.draft.id) ? [] : [{ part, code: 'IDEMPOTENCY_KEY_REUSED' }];
  });
  const refused = await withoutOrder(tx, notMade);
  const facts = refused.map(({ part: { assetId, draft }, code }) => {
    const { id, side, strategyOrderId, rebalanceRunId } = draft;
    const symbol = byAsset.get(assetId)?.asset?.symbol ?? '';
    const origin = { strategyOrderId, rebalanceRunId };
    return partRefused({ id, accountId, assetId, symbol, side, currency, ...origin, code }, cause);
  });
  await publish(tx, deps, facts);
}

/** Commanded by the strategy on behalf of its customer. */
function newOrder(deps: Deps, { command, customerId, cause }: PartsAsked, step: Step) {
  const { correlationId, traceparent } = cause;
  const by = { actor: customerId, role: 'service', requestId: correlationId };
  const act = { by, command, subject: step.order.id, after: step.order };
  return { ...step, correlationId, traceparent, audit: auditRow(deps, act) };
}

/**
 * Of the parts that were not made now those that have no order from before: told once more after
 * its order was made, a part is no rejection, whatever has become of its asset or its account.
 */
async function withoutOrder(tx: Transaction, parts: readonly Refused[]): Promise<Refused[]> {
  if (parts.length === 0) return [];
  const known = await findOrders(
    tx,
    parts.map(({ part }) => part.draft.id),
  );
  return parts.filter((_, nth) => !known[nth]);
}
