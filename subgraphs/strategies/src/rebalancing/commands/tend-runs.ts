import { attempt } from '../../commands/attempt.ts';
import { actorOfJob } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import { findAccount } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import { readMarket } from '../data/copies.ts';
import { findRunBefore, lockRuns, overdueRuns, queuedRunsAfter } from '../data/runs.ts';
import { begin, type RunStep, stop } from '../domain/advance.ts';
import { decide } from '../domain/decide.ts';
import type { Run, RunReason } from '../domain/run.ts';
import { accountAllows } from '../domain/start.ts';
import { isUnheard } from '../domain/unheard.ts';
import { recordSteps } from './record-steps.ts';

const runsMax = 100;

/** Begins the runs that were asked for while the market was closed, once it is open. */
export async function beginQueuedRuns(deps: Deps): Promise<void> {
  if (!deps.hours.isOpen(deps.clock.now())) return;
  for (let after = 0n; ; ) {
    const page = await queuedRunsAfter(deps.db, { after, max: runsMax });
    // One after another, each in a transaction of its own: none holds back the others' locks.
    for (const { id } of page) {
      await tend(deps, { id, command: 'beginQueuedRun' }, (tx, run) =>
        stepsOfQueued(tx, deps, run),
      );
    }
    const last = page.at(-1);
    if (!last || page.length < runsMax) return;
    after = last.number;
  }
}

/** Ends the runs whose phase has lasted too long; what is under way goes on without them. */
export async function timeOutRuns(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  for (const id of await overdueRuns(deps.db, { now, max: runsMax })) {
    await tend(deps, { id, command: 'timeOutRun' }, async (_, run) => {
      const reason = run.status === 'QUEUED' ? 'NOT_BEGUN' : 'ORDERS_LATE';
      const late = run.deadline <= now ? stop(run, 'TIME_OUT', { now, reason }) : null;
      return late ? [late] : [];
    });
  }
}

type Tending = { readonly id: string; readonly command: string };
type Steps = (tx: Tx, run: Run) => Promise<readonly RunStep[]>;

/** Locks one run and takes it on. Another process may have been faster: the steps decide anew. */
const tend = (deps: Deps, { id, command }: Tending, stepsOf: Steps): Promise<void> =>
  attempt(deps, { kind: 'REBALANCE', id }, async (tx) => {
    const [before] = await lockRuns(tx, [id]);
    if (!before) throw new Error(`rebalancing ${id} has gone`);
    const steps = await stepsOf(tx, before);
    const cause = { correlationId: deps.newId(), causationId: null, traceparent: null };
    await recordSteps(tx, deps, { before, steps, by: actorOfJob(command), command, cause });
  });

/** None while a price or the news of an earlier run still lacks: it waits until its deadline. */
async function stepsOfQueued(tx: Tx, deps: Deps, run: Run): Promise<readonly RunStep[]> {
  const now = deps.clock.now();
  if (run.status !== 'QUEUED' || now >= run.deadline) return [];
  const fail = (reason: RunReason) => {
    const failed = stop(run, 'FAIL', { now, reason });
    return failed ? [failed] : [];
  };
  const account = await findAccount(tx, { id: run.accountId });
  if (!account || !accountAllows(account, run)) return fail('ACCOUNT_STATUS');
  const market = { ...(await readMarket(tx, run)), now, hours: deps.hours };
  const last = await findRunBefore(tx, run);
  if (last && isUnheard(last, market)) return [];
  const decided = decide(run, market);
  if (decided.ok) return begin(run, decided.value, now);
  return decided.error === 'PRICE_UNAVAILABLE' ? [] : fail(decided.error);
}
