import type { Cause } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { IdOrNumber } from '@simplebank/kernel/ids';
import { isCurrency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../data/client.ts';
import { findAccount, findPayment, lockPayment } from '../data/copies.ts';
import { findByKey, findOrder, insertOrder, type NewOrder } from '../data/strategy-orders.ts';
import type { Deps } from '../deps.ts';
import type { AccountCopy, PaymentCopy } from '../domain/copies.ts';
import type { Strategy } from '../domain/strategy.ts';
import {
  checkInvestment,
  type InvestRefusalCode,
  type StrategyOrder,
} from '../domain/strategy-order.ts';
import { placeNow } from './record-order.ts';
import { requestHashOf } from './request-hash.ts';

export type InvestmentDraft = {
  readonly strategy: Strategy;
  /** One of the customer's own. */
  readonly account: AccountCopy;
  readonly customerId: string;
  readonly amount: Decimal;
  /** Null when cash on the account is used. */
  readonly paymentKey: IdOrNumber | null;
  readonly idempotencyKey: string;
  readonly cause: Cause;
};
type Answer = Result<StrategyOrder, InvestRefusalCode>;

const paymentWaitDays = 7;
const dayMs = 86_400_000;
const pollMs = 100;

/**
 * Records an investment and places it at once unless it has to wait for its payment (domain §6.2).
 * A repeated key answers the first investment, or refuses another input.
 */
export async function investInStrategy(deps: Deps, draft: InvestmentDraft): Promise<Answer> {
  const { strategy, account, customerId, amount, paymentKey, idempotencyKey } = draft;
  const key = paymentKey && Object.values(paymentKey).join();
  const input = { strategyId: strategy.id, accountId: account.id, amount, payment: key };
  const requestHash = requestHashOf('investInStrategy', input);
  const first = await findByKey(deps.db, customerId, idempotencyKey);
  if (first) return repeat(first, requestHash);

  const { currency } = account;
  if (!isCurrency(currency)) throw new Error(`account ${account.id} has the currency ${currency}`);
  const payment = paymentKey === null ? undefined : await awaitPayment(deps, draft, paymentKey);
  const checked = checkInvestment({ strategy, account, amount, payment }, currency);
  if (!checked.ok) return checked;

  const createdAt = deps.clock.now();
  const order: NewOrder = {
    ...{ id: deps.newId(), strategyId: strategy.id, accountId: account.id, customerId },
    ...{ amount, currency, paymentId: payment?.id ?? null, status: 'WAITING_FOR_PAYMENT' },
    ...{ createdAt, expiresAt: new Date(createdAt.getTime() + paymentWaitDays * dayMs) },
    ...{ idempotencyKey, requestHash },
  };
  return deps.transact((tx) => insertAndPlace(tx, deps, { order, cause: draft.cause }));
}

type Insertion = { readonly order: NewOrder; readonly cause: Cause };

async function insertAndPlace(tx: Tx, deps: Deps, { order, cause }: Insertion): Promise<Answer> {
  const { id, customerId, idempotencyKey, paymentId } = order;
  if (!(await insertOrder(tx, order))) {
    const first = await findByKey(tx, customerId, idempotencyKey);
    return first ? repeat(first, order.requestHash) : refuse('PAYMENT_USED');
  }
  // Read after the insert and locked: the payment's news either is seen here or sees this order.
  const payment = paymentId === null ? null : await lockPayment(tx, paymentId);
  const inserted = await findOrder(tx, { id });
  if (!inserted) throw new Error(`strategy order ${id} vanished`);
  const isPaid = paymentId === null || payment?.status === 'COMPLETED';
  return ok(isPaid ? await placeNow(tx, deps, { before: inserted, cause }) : inserted);
}

type First = { readonly order: StrategyOrder; readonly requestHash: string };

const repeat = ({ order, requestHash }: First, repeatedHash: string): Answer =>
  requestHash === repeatedHash ? ok(order) : refuse('IDEMPOTENCY_KEY_REUSED');

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
