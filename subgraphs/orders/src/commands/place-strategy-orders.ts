import { outboxRows, publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import { findAccounts, findListings, type Listing } from '../data/copies.ts';
import { findOrders } from '../data/orders.ts';
import { insertOrders } from '../data/save-orders.ts';
import type { Deps, Transaction } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import type { Step } from '../domain/advance.ts';
import { begin } from '../domain/history.ts';
import { place, type RefusalCode } from '../domain/placement.ts';
import { draftOf, type StrategyPart } from '../domain/strategy-part.ts';
import { factsOf, partRefused } from '../events/published.ts';
import { derivedId, partHash } from './derived-id.ts';

export type StrategyOrder = {
  readonly strategyOrderId: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly parts: readonly { readonly assetId: string; readonly amount: Decimal }[];
  readonly cause: Cause;
};

type Refused = { readonly part: StrategyPart; readonly code: RefusalCode };
type Placed = { readonly part: StrategyPart; readonly step: Step } | Refused;

/**
 * Makes one buy by amount of each part; a part that may not be placed is told as a rejection
 * without an order. False when the account, an asset or a first quote that decides is not known
 * here yet: then nothing is written, and the strategy order is told again.
 */
export async function placeStrategyOrder(
  tx: Transaction,
  deps: Deps,
  order: StrategyOrder,
): Promise<boolean> {
  const assetIds = order.parts.map(({ assetId }) => assetId);
  const [account] = await findAccounts(tx, { ids: [order.accountId], numbers: [] });
  const listings = await findListings(tx, assetIds);
  if (!account || listings.length < new Set(assetIds).size) return false;

  const byAsset = new Map(listings.map((listing) => [listing.asset?.id, listing]));
  const placed = order.parts.map(({ assetId, amount }) => {
    const { strategyOrderId, customerId } = order;
    const id = derivedId(strategyOrderId, assetId);
    const requestHash = partHash(assetId, amount.toFixed());
    const part = { id, requestHash, strategyOrderId, customerId, assetId, amount };
    const listing = byAsset.get(part.assetId) ?? { asset: null, quote: null };
    return placePart(deps, part, { account, listing, cause: order.cause });
  });
  const isUnpriced = (one: Placed) =>
    'code' in one && one.code === 'PRICE_UNAVAILABLE' && !byAsset.get(one.part.assetId)?.quote;
  if (placed.some(isUnpriced)) return false;
  await record(tx, deps, { order, placed, byAsset });
  return true;
}

type Around = { readonly account: Account; readonly listing: Listing; readonly cause: Cause };

function placePart(deps: Deps, part: StrategyPart, { account, listing, cause }: Around): Placed {
  const now = deps.clock.now();
  const decision = place(draftOf(part), { account, ...listing, now, hours: deps.hours });
  if (!decision.ok) return { part, code: decision.error };
  return { part, step: begin(decision.value, cause.causationId) };
}

type Record = {
  readonly order: StrategyOrder;
  readonly placed: readonly Placed[];
  readonly byAsset: ReadonlyMap<string | undefined, Listing>;
};

async function record(
  tx: Transaction,
  deps: Deps,
  { order, placed, byAsset }: Record,
): Promise<void> {
  const { accountId, currency, strategyOrderId, cause } = order;
  const asked = placed.flatMap((one) => ('step' in one ? [one] : []));
  const steps = asked.map(({ step }) => step);
  const tellings = outboxRows(
    deps,
    steps.flatMap((step) => factsOf(step, cause)),
  );
  const { correlationId } = cause;
  const isNew = await insertOrders(
    tx,
    steps.map((step) => ({ ...step, correlationId })),
    tellings,
  );
  const taken = await keyTaken(
    tx,
    asked.flatMap(({ part }) => (isNew.has(part.id) ? [] : [part])),
  );
  const refused = [...placed.flatMap((one) => ('code' in one ? [one] : [])), ...taken];
  const facts = refused.map(({ part: { id, assetId }, code }) => {
    const symbol = byAsset.get(assetId)?.asset?.symbol ?? '';
    const told = { id, accountId, assetId, symbol, currency, strategyOrderId, code };
    return partRefused(told, cause);
  });
  await publish(tx, deps, facts);
}

/** Of the parts that are not new those that no replay explains: their customer used the key. */
async function keyTaken(tx: Transaction, parts: readonly StrategyPart[]): Promise<Refused[]> {
  if (parts.length === 0) return [];
  const known = await findOrders(
    tx,
    parts.map(({ id }) => id),
  );
  return parts
    .filter((_, nth) => !known[nth])
    .map((part) => ({ part, code: 'IDEMPOTENCY_KEY_REUSED' }));
}
