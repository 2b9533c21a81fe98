import { asLeader } from '@simplebank/chassis/leader';
import type { Deps, Tx } from '../../deps.ts';
import { type DayTarget, reckonDays } from '../data/days.ts';
import { findUnvalued, type Mark, spreadAssetMarks, takeAccountMarks } from '../data/marks.ts';
import { reckonSteps } from '../data/steps.ts';
import { addDays, newYorkDay } from '../domain/days.ts';

const assetMarksAtOnce = 1_000;
/** So many accounts are valued in one transaction, some days of each. */
const accountsAtOnce = 50;
/** A run ends after so many transactions, and the next one goes on. */
const turnsMax = 200;

/**
 * Values accounts at the end of each day that is over in New York, and again from the day of a fact
 * that came late. Where it ends follows from the facts alone, not from their order. One instance
 * does it at a time.
 */
export async function valueAccounts(deps: Pick<Deps, 'transact' | 'clock'>): Promise<void> {
  const through = addDays(newYorkDay(deps.clock.now()), -1);
  for (let turn = 0; turn < turnsMax; turn += 1) {
    let done = 0;
    // One after the other: each is a transaction of its own, so that none is long.
    await asLeader(deps.transact, 'holdings.value-accounts', async (tx) => {
      done = await valueSome(tx, through);
    });
    if (done === 0) return;
  }
}

/** Answers how much there was to do; nothing means that all is valued. */
async function valueSome(tx: Tx, through: string): Promise<number> {
  const spread = await spreadAssetMarks(tx, assetMarksAtOnce);
  if (spread > 0) return spread;
  const marks = await takeAccountMarks(tx, accountsAtOnce);
  if (marks.length > 0) {
    await reckonSteps(tx, marks.flatMap(sharesOf));
    await reckonDays(tx, dayTargets(marks), through);
    return marks.length;
  }
  const ids = await findUnvalued(tx, through, accountsAtOnce);
  const targets = ids.map((accountId) => ({ accountId, fromDay: null }));
  await reckonDays(tx, targets, through);
  return ids.length;
}

const sharesOf = ({ assetId, ...mark }: Mark) => (assetId === null ? [] : [{ ...mark, assetId }]);

/** The first of the marked days of each account. */
function dayTargets(marks: readonly Mark[]): DayTarget[] {
  const first = new Map<string, string>();
  for (const { accountId, fromDay } of marks) {
    const known = first.get(accountId);
    if (known === undefined || fromDay < known) first.set(accountId, fromDay);
  }
  return [...first].map(([accountId, fromDay]) => ({ accountId, fromDay }));
}
