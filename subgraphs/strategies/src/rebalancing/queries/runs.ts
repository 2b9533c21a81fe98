import type { Viewer } from '@simplebank/chassis/auth';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import type { Deps } from '../../deps.ts';
import { ownAccount, readable, readableAccounts } from '../../queries/accounts.ts';
import { findRun, findRuns, findRunsOf, type RunsAsked } from '../data/runs.ts';
import type { Run } from '../domain/run.ts';

export type { RunsAsked };

type Reader = Pick<Deps, 'db'>;

/** In the order of `ids`; null for unknown runs and for those of other customers' accounts. */
export const visibleRuns = async (
  deps: Reader,
  viewer: Viewer,
  ids: readonly string[],
): Promise<readonly (Run | null)[]> => readable(deps, viewer, await findRuns(deps.db, ids));

/** Null when it is unknown or of another customer's account. */
export async function visibleRun(
  deps: Reader,
  viewer: Viewer,
  key: IdOrNumber,
): Promise<Run | null> {
  const [visible] = await readable(deps, viewer, [await findRun(deps.db, key)]);
  return visible ?? null;
}

/** Null when it is unknown or not of one of the viewer's own accounts. */
export async function ownRun(deps: Reader, viewer: Viewer, key: IdOrNumber): Promise<Run | null> {
  const run = await findRun(deps.db, key);
  return run && (await ownAccount(deps, viewer, { id: run.accountId })) ? run : null;
}

/** Of a command that has just made or changed it. */
export async function knownRun({ db }: Reader, id: string): Promise<Run> {
  const run = await findRun(db, { id });
  if (!run) throw new Error(`rebalancing ${id} vanished`);
  return run;
}

/** Newest first, one more than asked for; null for accounts that the viewer may not read. */
export async function runsOf(
  deps: Reader,
  viewer: Viewer,
  asked: readonly RunsAsked[],
): Promise<readonly (readonly Run[] | null)[]> {
  const ids = asked.map(({ accountId }) => accountId);
  const accounts = await readableAccounts(deps, viewer, ids);
  const pages = await findRunsOf(deps.db, asked);
  return pages.map((page, nth) => (accounts[nth] ? page : null));
}
