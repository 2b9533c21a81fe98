import { actorOfJob } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import type { Balances } from '../../ledger/index.ts';
import { hasNoBusiness, listClosing } from '../data/business.ts';
import { settleUp } from '../domain/account.ts';
import { lockAccount, saveChanges } from './change-status.ts';

/** What is under way when an account looks empty has come by then. */
const closingQuietMs = 5_000;
const pageMax = 100;
const job = 'close-settled-accounts';

/**
 * Closes accounts on their way out in which nothing is left: no cash, debt, position, open order,
 * payment or settlement (domain §2.3). One account's trouble does not hold up the others.
 */
export async function closeSettledAccounts(deps: Deps): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await listClosing(deps.db, after, pageMax);
    for (const id of page) await closeOne(deps, id);
    const last = page.at(-1);
    if (!last || page.length < pageMax) return;
    after = last;
  }
}

async function closeOne(deps: Deps, accountId: string): Promise<void> {
  try {
    await deps.transact((tx) => closeIfEmpty(tx, deps, accountId));
  } catch (error) {
    const fields = { account_id: accountId, error, error_code: 'CLOSING_FAILED' };
    deps.log.warn(fields, 'an account cannot be closed yet');
  }
}

async function closeIfEmpty(tx: Tx, deps: Deps, accountId: string): Promise<void> {
  const { account: before, balances } = await lockAccount(tx, accountId);
  const decided = settleUp(before);
  if (!decided.ok || !isEmpty(balances)) return;
  const quietSince = new Date(deps.clock.now().getTime() - closingQuietMs);
  if (!(await hasNoBusiness(tx, accountId, quietSince))) return;
  const cause = { correlationId: job, causationId: null, traceparent: null };
  const by = actorOfJob(job);
  const saving = { before, changes: decided.value, reason: null, by, cause, command: job };
  await saveChanges(tx, deps, saving);
}

const isEmpty = ({ posted, held, unsettled, owed }: Balances): boolean =>
  [posted, held, unsettled, owed].every((amount) => amount.isZero());
