import type { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import type { AccountCopy } from '../../domain/copies.ts';
import { currentElections } from '../../elections/index.ts';
import { findStrategy } from '../../strategies/index.ts';
import { readMarket } from '../data/copies.ts';
import { findRunBefore, insertRun, lockRuns } from '../data/runs.ts';
import { begin } from '../domain/advance.ts';
import { decide } from '../domain/decide.ts';
import type { RebalanceMode, RunTerms } from '../domain/run.ts';
import {
  accountAllows,
  amountRefusal,
  type StartRefusal,
  type StartTime,
  startTimeOf,
} from '../domain/start.ts';
import { isUnheard } from '../domain/unheard.ts';
import { recordSteps } from './record-steps.ts';

export type RebalanceWish = {
  /** One of the customer's own. */
  readonly account: AccountCopy;
  readonly customerId: string;
  readonly mode: RebalanceMode;
  readonly amount: Decimal | null;
  readonly sellOutside: boolean;
  readonly idempotencyKey: string;
};

const command = 'startRebalance';

/**
 * Records a run towards the current version of the strategy that the account follows, and begins it
 * while the market is open; else it waits for the opening (domain §6.4). Answers the id of the run:
 * of the first one when the key repeats the same wish. A refusal leaves nothing behind.
 */
export function startRebalance(
  deps: Deps,
  wish: RebalanceWish,
  story: Story,
): Promise<Result<string, StartRefusal | 'IDEMPOTENCY_KEY_REUSED'>> {
  const { account, customerId: owner, mode, amount, sellOutside, idempotencyKey: key } = wish;
  const input = { accountId: account.id, mode, amount, sellOutside };
  const ask = { owner, key, command, input, movesMoney: true };
  return once<StartRefusal>(deps, ask, async (tx, id) => {
    const agreed = await agree(tx, deps, { wish, id });
    if (!agreed.ok) return agreed;
    const { terms, start } = agreed.value;
    if (!(await insertRun(tx, terms, start.deadline))) return refuse('RUN_OPEN');
    await audit(tx, deps, [{ by: story.by, command, subject: id, after: terms }]);
    return beginNow(tx, deps, { id, start, story });
  });
}

type Asked = { readonly wish: RebalanceWish; readonly id: string };
type Agreed = { readonly terms: RunTerms; readonly start: StartTime };

/** What the run will be, or why it may not be. */
async function agree(
  tx: Tx,
  { clock, hours }: Deps,
  { wish, id }: Asked,
): Promise<Result<Agreed, StartRefusal>> {
  const { account, customerId, mode, amount, sellOutside } = wish;
  const { id: accountId, currency } = account;
  if (!isCurrency(currency)) throw new Error(`account ${accountId} has the currency ${currency}`);
  const refused = amountRefusal(wish, currency);
  if (refused) return refuse(refused);
  const [election] = await currentElections(tx, [accountId]);
  const followed = election?.strategyId;
  const strategy = followed ? await findStrategy(tx, { id: followed }) : null;
  if (!strategy) return refuse('NO_ELECTION');
  if (strategy.state !== 'ACTIVE') return refuse('STRATEGY_NOT_ACTIVE');
  if (!accountAllows(account, wish)) return refuse('ACCOUNT_STATUS');

  const createdAt = clock.now();
  const start = startTimeOf(createdAt, hours);
  if (!start.ok) return start;
  const strategyVersion = strategy.version;
  const terms: RunTerms = {
    ...{ id, accountId, customerId, strategyId: strategy.id, strategyVersion },
    ...{ mode, sellOutside, amount, currency, createdAt },
  };
  return ok({ terms, start: start.value });
}

type Beginning = { readonly id: string; readonly start: StartTime; readonly story: Story };

/** Decides at once, so that a price that lacks is refused and not waited for. */
async function beginNow(
  tx: Tx,
  deps: Deps,
  { id, start, story }: Beginning,
): Promise<Result<null, StartRefusal>> {
  const [before] = await lockRuns(tx, [id]);
  if (!before) throw new Error(`rebalancing ${id} vanished`);
  const now = deps.clock.now();
  const market = { ...(await readMarket(tx, before)), now, hours: deps.hours };
  const last = await findRunBefore(tx, before);
  if (last && isUnheard(last, market)) return refuse('RUN_OPEN');
  const decided = decide(before, market);
  if (!decided.ok) return decided;
  if (!start.beginsNow) return ok(null);
  const steps = begin(before, decided.value, now);
  const mover = { by: story.by, command: 'beginRebalance', cause: story.cause };
  await recordSteps(tx, deps, { before, steps, ...mover });
  return ok(null);
}
