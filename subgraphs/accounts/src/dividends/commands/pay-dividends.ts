import { asLeader } from '@simplebank/chassis/leader';
import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { accountsById } from '../../accounts/index.ts';
import { actorOfJob, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { dividendPaid } from '../../events/published.ts';
import {
  type Balances,
  lockBalances,
  noPostings,
  savePostings,
  settlementDayOf,
} from '../../ledger/index.ts';
import { debtsChanged } from '../../trades/index.ts';
import { findDueAccounts, lockDue, savePayments } from '../data/entitlements.ts';
import { type DueDividend, nameOf } from '../domain/dividend.ts';
import { bookDividend, type Paid } from './book-dividend.ts';

const dividendsMax = 200;
const runsMax = 50;
const job = 'pay-dividends';

/**
 * Pays what is due today in New York, each version of a dividend once, at most 10,000 in one go. A
 * version that is told after its payment books the difference. Accounts are paid in every state:
 * it is business that ran before (domain §2.3).
 */
export async function payDividends(deps: Deps): Promise<void> {
  for (let run = 0; run < runsMax; run += 1) {
    let paid = 0;
    await asLeader(deps.transact, `accounts.${job}`, async (tx) => {
      paid = await paySome(deps, tx);
    });
    if (paid === 0) return;
  }
}

async function paySome(deps: Deps, tx: Tx): Promise<number> {
  const at = deps.clock.now();
  const query = { today: settlementDayOf(at), max: dividendsMax };
  const accountIds = await findDueAccounts(tx, query);
  if (accountIds.length === 0) return 0;
  const before = await lockBalances(tx, accountIds);
  const due = await lockDue(tx, accountIds, query);
  const now = new Map(before);
  const all = due.map((dividend) => {
    const balances = now.get(dividend.accountId);
    if (!balances) throw new Error(`dividend ${nameOf(dividend)}: its account has no ledger`);
    const done = bookDividend(deps, dividend, { balances, at });
    now.set(dividend.accountId, done.balances);
    return done;
  });
  await savePostings(tx, {
    ...noPostings,
    transactions: all.flatMap(({ transactions }) => transactions),
  });
  const payments = all.map(({ payment }) => ({ ...payment, paidOn: query.today }));
  await savePayments(tx, payments, at);
  await tellDebts(deps, tx, { before, now, due });
  await tellClosed(deps, tx, due);
  await audit(tx, deps, all.map(actOf));
  await publish(
    tx,
    deps,
    all.flatMap((done) => factsOf(done, query.today)),
  );
  return due.length;
}

type Moved = {
  readonly before: ReadonlyMap<string, Balances>;
  readonly now: ReadonlyMap<string, Balances>;
  readonly due: readonly DueDividend[];
};

/** The state of an account follows its debt, whichever way it went. */
async function tellDebts(deps: Deps, tx: Tx, { before, now, due }: Moved): Promise<void> {
  const lastOf = new Map(due.map((dividend) => [dividend.accountId, dividend]));
  const news = [...lastOf].flatMap(([accountId, dividend]) => {
    const [was, is] = [before.get(accountId), now.get(accountId)];
    if (!was || !is || was.owed.equals(is.owed)) return [];
    const owes = !is.owed.isZero();
    return [{ accountId, owes, by: actorOfJob(job), cause: causeOf(dividend) }];
  });
  await debtsChanged(tx, deps, news);
}

/** CLOSED is final, so no customer can reach what is booked there: staff finds where it belongs. */
async function tellClosed({ log }: Deps, tx: Tx, due: readonly DueDividend[]): Promise<void> {
  const accounts = await accountsById(
    tx,
    due.map(({ accountId }) => accountId),
  );
  for (const { accountId: account_id, actionId: action_id } of due) {
    if (accounts.get(account_id)?.status !== 'CLOSED') continue;
    const alert = 'CLOSED_ACCOUNT_MOVED';
    const about = { account_id, action_id, error_code: alert, alert };
    log.error(about, 'a dividend was booked on an account that is closed');
  }
}

const actOf = ({ dividend, payment }: Paid) => ({
  ...{ by: actorOfJob(job), command: 'payDividend', subject: nameOf(dividend) },
  before: { paid: dividend.paid.toFixed() },
  after: { paid: dividend.paid.plus(payment.amount).toFixed(), version: dividend.version },
});

function factsOf({ dividend, payment }: Paid, paidOn: string) {
  if (payment.amount.isZero()) return [];
  const { actionId, accountId, assetId, symbol, currency } = dividend;
  const payload = { actionId, accountId, assetId, symbol, currency, paidOn };
  const amount = payment.amount.toFixed();
  return [dividendPaid({ ...payload, amount }, dividend.version, causeOf(dividend))];
}

const causeOf = ({ correlationId, eventId }: DueDividend): Cause => ({
  correlationId,
  causationId: eventId,
  traceparent: null,
});
