import {
  type ClaimedRebase,
  claimRebases,
  retryRebases,
  type Settled,
  saveSettled,
} from '../data/rebases.ts';
import { lockOrders } from '../data/venue-orders.ts';
import type { Deps } from '../deps.ts';
import type { Rebase } from '../venue.ts';
import { isHopeless, isolated, pauseMsAfter } from './isolated.ts';
import { recordHappenings } from './record-news.ts';
import { leaseMs } from './send-orders.ts';

const rebasesPerTurn = 200;
const retryMs = 1_000;

/**
 * Puts orders at the venue on the basis of a split, once per (order, action): the venue answers a
 * repeat as it did first, so an answer that was lost is asked for by asking again. Answers how many
 * it took.
 */
export async function sendRebases(deps: Deps): Promise<number> {
  const { clock, transact, venue } = deps;
  if (!venue.isReachable()) return 0;
  const at = clock.now();
  const leaseUntil = new Date(at.getTime() + leaseMs);
  const claim = { at, leaseUntil, ordersMax: rebasesPerTurn };
  const claimed = await transact((tx) => claimRebases(tx, claim));
  if (claimed.length === 0) return 0;
  const asked = claimed.filter(({ isOver }) => !isOver);
  const over = claimed.flatMap((rebase) => (rebase.isOver ? [settledAs(rebase, 'ENDED')] : []));
  try {
    const { answers, refused } =
      asked.length > 0
        ? await isolated(asked, (some) => venue.replace(some.map(plain)))
        : { answers: [], refused: [] };
    const answered = answers.map(
      (answer): Settled => ({
        ...{ orderId: answer.clientId, actionId: answer.actionId, outcome: answer.kind },
        quantity: answer.kind === 'REPLACED' ? answer.quantity : null,
      }),
    );
    await record(deps, [...over, ...answered], refused);
  } catch (error) {
    const again = new Date(clock.now().getTime() + retryMs);
    await transact((tx) =>
      retryRebases(
        tx,
        // A call without an answer uses up no attempt (domain §7).
        claimed.map((rebase) => retried({ ...rebase, attempts: rebase.attempts - 1 }, again)),
      ),
    );
    throw error;
  }
  return claimed.length;
}

/** As the venue is told. */
const plain = ({ isOver: _, attempts: __, ...rebase }: ClaimedRebase): Rebase => rebase;

const settledAs = (
  { clientId, actionId }: ClaimedRebase,
  outcome: Settled['outcome'],
): Settled => ({ orderId: clientId, actionId, outcome, quantity: null });

const retried = ({ clientId, actionId, attempts }: ClaimedRebase, at: Date) => ({
  ...{ orderId: clientId, actionId, attempts, at },
});

const isOver = (outcome: Settled['outcome']): boolean => outcome !== 'REPLACED';

/**
 * An order that the venue ended on the old basis is told so, in case that more of it was left. One
 * whose new basis it does not take must not trade on the old one: it is canceled.
 */
async function record(
  deps: Deps,
  settled: readonly Settled[],
  refused: readonly ClaimedRebase[],
): Promise<void> {
  const { clock, transact, log } = deps;
  const now = clock.now();
  const hopeless = refused.filter(isHopeless);
  const again = refused.filter((rebase) => !isHopeless(rebase));
  const all = [...settled, ...hopeless.map((rebase) => settledAs(rebase, 'REFUSED'))];
  const missed = new Set(all.flatMap(({ orderId, outcome }) => (isOver(outcome) ? orderId : [])));
  const unwanted = new Set(hopeless.map(({ clientId }) => clientId));
  await transact(async (tx) => {
    const locked = await lockOrders(
      tx,
      all.map(({ orderId }) => orderId),
    );
    await saveSettled(tx, all, now);
    const happenings = [...locked].map(([orderId, known]) => ({
      known,
      list: [
        ...(missed.has(orderId) ? [{ kind: 'REBASE_MISSED' } as const] : []),
        ...(unwanted.has(orderId) ? [{ kind: 'CANCEL_ASKED' } as const] : []),
      ],
    }));
    await recordHappenings(tx, deps, happenings);
    await retryRebases(
      tx,
      again.map((rebase) => retried(rebase, new Date(now.getTime() + pauseMsAfter(rebase)))),
    );
  });
  for (const { clientId, actionId } of hopeless) {
    const fields = { order_id: clientId, action_id: actionId, alert: 'VenueRefusesRebase' };
    const words = 'the venue does not take the new basis of an order, which is canceled there';
    log.error({ ...fields, error_code: 'REBASE_REFUSED' }, words);
  }
}
