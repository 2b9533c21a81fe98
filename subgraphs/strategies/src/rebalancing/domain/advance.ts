import { allocate } from '@simplebank/kernel/allocate';
import { Decimal, sum, zero } from '@simplebank/kernel/decimal';
import { minorDigitsOf } from '@simplebank/kernel/money';
import { amountOf, isBelowMinimum, unitsOf } from '../../domain/split.ts';
import { isUnderWay, type RunItem } from './item.ts';
import type { Run, RunReason } from './run.ts';
import { buyingMsMax, sellingMsMax } from './start.ts';
import { endOf, type RunEvent, targetOf } from './transitions.ts';

/** One step of a run: what happened and the run after it. */
export type RunStep = { readonly event: RunEvent; readonly run: Run };

/** Begins a queued run with what was decided: sales first, or purchases when there are none. */
export function begin(queued: Run, items: readonly RunItem[], now: Date): readonly RunStep[] {
  const run = { ...queued, items };
  if (!run.items.some(isSaleUnderWay)) return buy(run, now);
  const deadline = new Date(now.getTime() + sellingMsMax);
  return [step(run, 'SELL', { deadline })];
}

/**
 * The steps that follow from what is known of the items, one after the other; none while orders
 * are under way and none once the run has ended. It depends on the items alone, never on the order
 * in which their news arrived; only after its deadline no purchase is sent any more.
 */
export function advance(run: Run, now: Date): readonly RunStep[] {
  if (run.status === 'SELLING' && !run.items.some(isUnderWay)) {
    if (now >= run.deadline) return [end(run, 'TIME_OUT', { now, reason: 'ORDERS_LATE' })];
    const isOver = run.amount === null && isInVain(run);
    return isOver ? [end(run, 'FAIL', { now, reason: 'ORDERS_REFUSED' })] : buy(run, now);
  }
  if (run.status === 'BUYING' && !run.items.some(isUnderWay)) return [finish(run, now)];
  return [];
}

/** Stops what is not sent; orders that are under way go on. Null when it cannot happen any more. */
export function stop(run: Run, event: 'CANCEL' | 'FAIL' | 'TIME_OUT', why: Why): RunStep | null {
  return targetOf(run.status, event) ? end(run, event, why) : null;
}

const isSaleUnderWay = (item: RunItem): boolean => item.side === 'SELL' && isUnderWay(item);

/** Net of fees, of what the sales of the run have executed. */
const proceedsOf = (items: readonly RunItem[]): Decimal =>
  sum(
    items
      .filter(({ side }) => side === 'SELL')
      .map(({ filledValue, fees }) => Decimal.max(filledValue.minus(fees), zero)),
  );

/** What was sold and what was put in: more is never spent. */
export const fundsOf = ({ amount, proceeds }: Pick<Run, 'amount' | 'proceeds'>): Decimal =>
  Decimal.max(amount ?? zero, zero).plus(proceeds ?? zero);

function buy(run: Run, now: Date): readonly RunStep[] {
  const proceeds = proceedsOf(run.items);
  const items = cut(run, fundsOf({ amount: run.amount, proceeds }));
  const deadline = new Date(now.getTime() + buyingMsMax);
  const buying = step({ ...run, items }, 'BUY', { deadline, proceeds });
  return [buying, ...advance(buying.run, now)];
}

/**
 * The funds over the gaps by largest remainder, none past its gap; what is left stays in cash. The
 * part of a purchase that is skipped is not spread over the others.
 */
function cut({ items, currency }: Run, funds: Decimal): readonly RunItem[] {
  const digits = minorDigitsOf(currency);
  const gaps = items.map(({ side, wanted }) => (side === 'BUY' ? wanted : zero));
  const spent = Decimal.min(sum(gaps), funds.toDecimalPlaces(digits, Decimal.ROUND_DOWN));
  const shares = items.map(({ assetId }, nth) => {
    return { key: assetId, weight: unitsOf(gaps[nth] ?? zero, digits) };
  });
  const parts = allocate(unitsOf(spent, digits), shares);
  return items.map((item, nth) =>
    item.side === 'BUY' ? requested(item, amountOf(parts[nth] ?? 0n, digits)) : item,
  );
}

function requested(item: RunItem, amount: Decimal): RunItem {
  if (item.status !== 'PLANNED') return { ...item, amount };
  return isBelowMinimum(amount)
    ? { ...item, amount, status: 'SKIPPED', skipReason: 'BELOW_MINIMUM' }
    : { ...item, amount, status: 'REQUESTED' };
}

/** Orders were asked for, and not one of them came about. */
function isInVain({ items }: Run): boolean {
  const asked = items.filter(
    ({ skipReason, status }) => status !== 'SKIPPED' || wasAsked(skipReason),
  );
  return asked.length > 0 && asked.every(({ status }) => status === 'SKIPPED');
}
const wasAsked = (reason: RunItem['skipReason']): boolean => reason === 'ORDER_REFUSED';

function finish(run: Run, now: Date): RunStep {
  if (isInVain(run)) return end(run, 'FAIL', { now, reason: 'ORDERS_REFUSED' });
  const isWhole = run.items.every(({ orderStatus }) => orderStatus === 'FILLED');
  return end(run, isWhole ? 'COMPLETE' : 'ADJUST', { now, reason: null });
}

type Why = { readonly now: Date; readonly reason: RunReason | null };

function end(run: Run, event: RunEvent, { now, reason }: Why): RunStep {
  const items = run.items.map(
    (item): RunItem =>
      item.status === 'PLANNED' ? { ...item, status: 'SKIPPED', skipReason: 'RUN_ENDED' } : item,
  );
  const ended = step({ ...run, items }, event, { reason, endedAt: now });
  if (endOf(ended.run.status) === null) throw new Error(`run ${run.id}: ${event} is no end`);
  return ended;
}

function step(run: Run, event: RunEvent, change: Partial<Run>): RunStep {
  const status = targetOf(run.status, event);
  if (!status) throw new Error(`run ${run.id} is ${run.status}, which knows no ${event}`);
  return { event, run: { ...run, ...change, status } };
}
