import { asLeader } from '@simplebank/chassis/leader';
import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { actorOfJob, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { fundsSettled } from '../../events/published.ts';
import {
  lockBalances,
  noPostings,
  noteOf,
  savePostings,
  settlementDayOf,
  settlementLegs,
  type Transaction,
} from '../../ledger/index.ts';
import { nameOf } from '../data/order-bookings.ts';
import { type DueItem, findDueItems, markSettled } from '../data/settlements.ts';

const itemsMax = 500;
const runsMax = 20;

/** Settles whatever is due today in New York, each item once, at most 10,000 in one go. */
export async function settleDue(deps: Deps): Promise<void> {
  for (let run = 0; run < runsMax; run += 1) {
    let settled = 0;
    // One bounded transaction after the other, so that orders get at the balances in between.
    await asLeader(deps.transact, 'accounts.settle-due', async (tx) => {
      settled = await settleSome(deps, tx);
    });
    if (settled < itemsMax) return;
  }
}

async function settleSome(deps: Deps, tx: Tx): Promise<number> {
  const at = deps.clock.now();
  const items = await findDueItems(tx, { today: settlementDayOf(at), max: itemsMax });
  if (items.length === 0) return 0;
  await lockBalances(
    tx,
    items.flatMap(({ accountId }) => accountId ?? []),
  );

  const settled = items.map((item) => ({ item, transaction: transactionOf(deps, item) }));
  const transactions = settled.flatMap(({ transaction }) => transaction ?? []);
  const notes = settled.flatMap(({ item, transaction }) => noteOn(item, { at, transaction }));
  await savePostings(tx, { ...noPostings, transactions, notes });
  const marks = settled.map(({ item: { id }, transaction }) => ({
    id,
    transactionId: transaction?.id ?? null,
  }));
  await markSettled(tx, marks, at);
  const by = actorOfJob('settle-due');
  const acts = items.map((item) => ({ by, command: 'settle', subject: nameOf(item) }));
  await audit(tx, deps, acts);
  const cause: Cause = { correlationId: deps.newId(), causationId: null, traceparent: null };
  await publish(
    tx,
    deps,
    items.flatMap((item) => factsOf(item, cause)),
  );
  return items.length;
}

type Settlement = { readonly at: Date; readonly transaction: Transaction | null };

/** For the feed of the customer; what the house paid for is no customer's business. */
function noteOn(item: DueItem, { at, transaction }: Settlement) {
  const { accountId, currency, value, orderId, executionId } = item;
  if (accountId === null) return [];
  const links = { orderId, executionId, transactionId: transaction?.id ?? null };
  return [noteOf({ kind: 'SETTLEMENT', at, accountId, currency, value, ...links })];
}

/** Null for an execution that was worth less than the smallest coin. */
function transactionOf({ newId, clock }: Deps, item: DueItem): Transaction | null {
  const { side, value, currency, orderId, executionId } = item;
  if (value.isZero()) return null;
  const legs = settlementLegs(side, value);
  const reference = `settlement:${nameOf(item)}`;
  const header = { id: newId(), at: clock.now(), currency, orderId, executionId, paymentId: null };
  return { ...header, kind: 'SETTLEMENT', reference, legs };
}

/** The day itself is the cause: each run is a story of its own, not the order's (OPS-79). */
function factsOf(item: DueItem, cause: Cause) {
  const { accountId, orderId, executionId, value, currency, dueOn } = item;
  if (accountId === null) return [];
  const ids = { accountId, orderId, executionId, currency };
  return [fundsSettled({ ...ids, amount: value.toFixed(), settlementDate: dueOn }, cause)];
}
