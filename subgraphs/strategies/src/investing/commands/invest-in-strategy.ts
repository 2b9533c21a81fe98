import type { Decimal } from '@simplebank/kernel/decimal';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import { requestHashOf } from '../../commands/request-hash.ts';
import type { Story } from '../../commands/story.ts';
import { findAccount, findPayment } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import type { AccountCopy, PaymentCopy } from '../../domain/copies.ts';
import type { Strategy } from '../../strategies/domain/strategy.ts';
import { findByKey } from '../data/strategy-orders.ts';
import { type Answer, invest, repeat } from './invest.ts';

export type InvestmentDraft = {
  readonly strategy: Strategy;
  /** One of the customer's own. */
  readonly account: AccountCopy;
  readonly customerId: string;
  readonly amount: Decimal;
  /** Null when cash on the account is used. */
  readonly paymentKey: IdOrNumber | null;
  readonly idempotencyKey: string;
  readonly story: Story;
};

const pollMs = 100;

/**
 * Records an investment and places it at once unless it has to wait for its payment (domain §6.2).
 * A repeated key answers the first investment, or refuses another input.
 */
export async function investInStrategy(deps: Deps, draft: InvestmentDraft): Promise<Answer> {
  const { strategy, account, customerId, amount, paymentKey, idempotencyKey } = draft;
  const first = await findByKey(deps.db, customerId, idempotencyKey);
  const payment = paymentKey === null ? undefined : await awaitPayment(deps, draft, paymentKey);
  const hashOf = (paidBy: string | null) => {
    const input = { strategyId: strategy.id, accountId: account.id, amount, payment: paidBy };
    return requestHashOf('investInStrategy', input);
  };
  const given = paymentKey && Object.values(paymentKey).join();
  const requestHash = hashOf(payment?.id ?? given);
  // UUID and number name one payment. The first release kept what was given, so that counts too.
  if (first) return repeat(first, [requestHash, hashOf(given)]);

  const whose = { strategyId: strategy.id, account, customerId };
  const wish = { ...whose, amount, payment, idempotencyKey, requestHash, story: draft.story };
  return deps.transact((tx) => invest(tx, deps, wish));
}

/** News of a payment that was made a moment ago may still be on its way. */
async function awaitPayment(
  { db, paymentWaitMs }: Deps,
  investor: Investor,
  key: IdOrNumber,
): Promise<PaymentCopy | null> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    // One look after another, because each waits for what the one before did not find.
    const payment = await findOwnPayment(db, investor, key);
    if (payment || waitedMs >= paymentWaitMs) return payment;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

type Investor = Pick<InvestmentDraft, 'account' | 'customerId'>;

/** Another customer's payment does not exist for this one, nor does the answer's time tell it. */
async function findOwnPayment(
  db: Deps['db'],
  { account, customerId }: Investor,
  key: IdOrNumber,
): Promise<PaymentCopy | null> {
  const payment = await findPayment(db, key);
  if (!payment || payment.accountId === account.id) return payment;
  const other = await findAccount(db, { id: payment.accountId });
  return other?.ownerIds.includes(customerId) ? payment : null;
}
