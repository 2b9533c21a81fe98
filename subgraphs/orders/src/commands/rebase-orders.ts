import { asLeader } from '@simplebank/chassis/leader';
import { insertAudits } from '../data/audit.ts';
import { findListings } from '../data/copies.ts';
import type { DueOrder } from '../data/due-orders.ts';
import {
  findOpenSplits,
  isAnyUnchanged,
  lockUnchanged,
  markDone,
  type OpenSplit,
} from '../data/splits.ts';
import type { Deps, Transaction } from '../deps.ts';
import { advanceOrders, reportMisfits } from './advance-orders.ts';
import { auditRow } from './audit.ts';

const pageMax = 500;
const pagesMax = 40;
/** An order that was placed just before the split may be committed only now. */
const stragglersMs = 60_000;

/**
 * Puts the orders of assets that were split on the new basis, once per split and order (domain
 * §4.4). One instance at a time, a page in each transaction; the rest follows with the next run.
 *
 * @throws whatever one order brings, after all others are done; it is tried again by the next run
 */
export async function rebaseOrders(deps: Deps): Promise<void> {
  const errors: unknown[] = [];
  // One after the other: an order that two splits meet is re-based by the earlier one first.
  for (const split of await findOpenSplits(deps.db)) errors.push(...(await rebaseAll(deps, split)));
  if (errors.length > 0) throw errors[0];
}

/**
 * When a page fails its orders are told one by one, so that one order holds up no other. Answers
 * what went wrong.
 */
async function rebaseAll(deps: Deps, split: OpenSplit): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  const except: string[] = [];
  let size = pageMax;
  for (let page = 0; page < (size === 1 ? pageMax : pagesMax); page += 1) {
    if (!(await isAnyUnchanged(deps.db, { split, except }))) {
      if (except.length === 0) await finish(deps, split);
      break;
    }
    let due: readonly DueOrder[] = [];
    try {
      await asLeader(deps.transact, 'orders.rebase', async (tx) => {
        due = await lockUnchanged(tx, { split, except }, size);
        await rebasePage(tx, deps, { split, due });
      });
    } catch (error) {
      if (size === 1 || due.length === 0) errors.push(error);
      if (size === 1) except.push(...due.map(({ id }) => id));
      size = 1;
    }
    // Another instance does it, or others hold the rest: the next run sees.
    if (due.length === 0) break;
  }
  return errors;
}

async function finish({ db, clock }: Deps, { actionId, recordedAt }: OpenSplit): Promise<void> {
  const now = clock.now();
  if (now.getTime() - recordedAt.getTime() < stragglersMs) return;
  await markDone(db, actionId, now);
}

type Page = { readonly split: OpenSplit; readonly due: readonly DueOrder[] };

async function rebasePage(tx: Transaction, deps: Deps, { split, due }: Page): Promise<void> {
  if (due.length === 0) return;
  const { actionId, exDate, numerator, denominator, assetId, symbol } = split;
  const [listing] = await findListings(tx, [assetId]);
  const { ticks = null, fractionable = false } = listing?.asset ?? {};
  const message = {
    ...({ event: 'REBASED', ticks, fractionable } as const),
    split: { actionId, exDate, numerator, denominator },
  };
  const told = due.map(({ id, correlationId, traceparent }) => ({
    ...{ orderId: id, message },
    cause: { correlationId, causationId: null, traceparent },
  }));
  const { before, dossiers, misfits } = await advanceOrders(tx, deps, told);
  await reportMisfits(tx, deps, misfits);
  const reason = `${symbol} split ${numerator} for ${denominator} on ${exDate}`;
  const rows = due.map(({ id, correlationId }) =>
    auditRow(deps, {
      by: { actor: actionId, role: 'service', requestId: correlationId },
      ...{ command: 'rebaseOrder', subject: id, reason },
      ...{ before: before.get(id) ?? null, after: dossiers.get(id)?.order ?? {} },
    }),
  );
  await insertAudits(tx, rows);
}
