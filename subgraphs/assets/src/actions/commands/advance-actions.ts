import { publish } from '@simplebank/chassis/outbox';
import { marketDateOf } from '@simplebank/kernel/calendar';
import { auditOf, byJob } from '../../commands/staff.ts';
import { findAssets } from '../../data/assets.ts';
import { insertAudit } from '../../data/audit.ts';
import type { Deps, Tx } from '../../deps.ts';
import { corporateActionEffective } from '../../events/published.ts';
import { lockDue, saveStates } from '../data/actions.ts';
import { advance, type CorporateAction } from '../domain/action.ts';

const actionsMax = 100;
const pagesMax = 20;
const job = 'advance-corporate-actions';

/**
 * Moves what the calendar asks for: EFFECTIVE is told once, in the transaction of the change. After
 * a time without this job it does what was due meanwhile, in the order of the ex-dates.
 */
export async function advanceActions(deps: Deps): Promise<void> {
  for (let page = 0; page < pagesMax; page += 1) {
    const count = await deps.transact((tx) => advancePage(tx, deps));
    if (count === 0) return;
  }
}

async function advancePage(tx: Tx, deps: Deps): Promise<number> {
  const now = deps.clock.now();
  const { hours } = deps;
  const dates = { exDate: hours.shareDateOf(now), today: marketDateOf(now) };
  const due = await lockDue(tx, dates, actionsMax);
  const moves = due.flatMap((before) => {
    const after = advance(before, { now, hours });
    return after ? [{ before, after }] : [];
  });
  if (moves.length === 0) return 0;
  const moved = moves.map(({ after }) => after);
  await saveStates(tx, moved, now);
  const staff = byJob(job, 'its date has come');
  const command = job;
  await insertAudit(
    tx,
    moves.map((move) =>
      auditOf(deps, { staff, command, change: { subject: move.after.id, ...move } }),
    ),
  );
  const begun = moved.filter(({ state }) => state === 'EFFECTIVE');
  const symbols = await symbolsOf(tx, begun);
  const facts = begun.map((action) =>
    corporateActionEffective(action, symbols(action), staff.cause),
  );
  await publish(tx, deps, facts);
  return moves.length;
}

async function symbolsOf(tx: Tx, actions: readonly CorporateAction[]) {
  const assets = await findAssets(tx, [...new Set(actions.map(({ assetId }) => assetId))]);
  const symbols = new Map<string, string>();
  for (const asset of assets) if (asset) symbols.set(asset.id, asset.symbol);
  return ({ id, assetId }: CorporateAction): string => {
    const symbol = symbols.get(assetId);
    if (symbol === undefined) throw new Error(`corporate action ${id} is about no asset`);
    return symbol;
  };
}
