import type { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import { isKeyTaken } from '../../data/command-keys.ts';
import { lockPayment } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import type { AccountCopy, PaymentCopy } from '../../domain/copies.ts';
import { lockStrategyToRead } from '../../strategies/index.ts';
import { findByKey, findOrder, insertOrder, type NewOrder } from '../data/strategy-orders.ts';
import {
  checkInvestment,
  type InvestRefusalCode,
  type StrategyOrder,
} from '../domain/strategy-order.ts';
import { placeNow, recordOrder } from './record-order.ts';

export type Wish = {
  readonly strategyId: string;
  readonly account: AccountCopy;
  readonly customerId: string;
  readonly amount: Decimal;
  /** Undefined when cash is used, null when the payment that was named is unknown. */
  readonly payment: PaymentCopy | null | undefined;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly story: Story;
};
export type Answer = Result<StrategyOrder, InvestRefusalCode>;

const paymentWaitDays = 7;
const dayMs = 86_400_000;

/**
 * Records an investment in the caller's transaction and places it at once unless it has to wait
 * for its payment (domain §6.2). A refusal has written nothing.
 */
export async function invest(tx: Tx, deps: Deps, wish: Wish): Promise<Answer> {
  const { strategyId, account, customerId, amount, payment } = wish;
  const { currency } = account;
  if (!isCurrency(currency)) throw new Error(`account ${account.id} has the currency ${currency}`);
  const strategy = await lockStrategyToRead(tx, strategyId);
  if (!strategy) throw new Error(`strategy ${strategyId} has gone`);
  const checked = checkInvestment({ strategy, account, amount, payment }, currency);
  if (!checked.ok) return checked;

  const createdAt = deps.clock.now();
  const { idempotencyKey, requestHash } = wish;
  const order: NewOrder = {
    ...{ id: deps.newId(), strategyId, accountId: account.id, customerId },
    ...{ amount, currency, paymentId: payment?.id ?? null, status: 'WAITING_FOR_PAYMENT' },
    ...{ createdAt, expiresAt: new Date(createdAt.getTime() + paymentWaitDays * dayMs) },
    ...{ idempotencyKey, requestHash },
  };
  return insertAndPlace(tx, deps, { order, story: wish.story });
}

type Insertion = { readonly order: NewOrder; readonly story: Story };

const command = 'investInStrategy';

async function insertAndPlace(tx: Tx, deps: Deps, { order, story }: Insertion): Promise<Answer> {
  const { id, customerId, idempotencyKey, paymentId } = order;
  if (!(await insertOrder(tx, order))) {
    const first = await findByKey(tx, customerId, idempotencyKey);
    if (first) return repeat(first, [order.requestHash]);
    const isTaken = await isKeyTaken(tx, customerId, idempotencyKey);
    return refuse(isTaken ? 'IDEMPOTENCY_KEY_REUSED' : 'PAYMENT_USED');
  }
  // Read after the insert and locked: the payment's news either is seen here or sees this order.
  const payment = paymentId === null ? null : await lockPayment(tx, paymentId);
  const before = await findOrder(tx, { id });
  if (!before) throw new Error(`strategy order ${id} vanished`);
  const move = { before, command, story, isNew: true };
  const isPaid = paymentId === null || payment?.status === 'COMPLETED';
  if (isPaid) return ok(await placeNow(tx, deps, move));
  // Its end came while the customer asked: nothing more is told of it, so nothing is waited for.
  const status = payment?.status === 'CREATED' ? before.status : 'FAILED';
  return ok(await recordOrder(tx, deps, { ...move, after: { ...before, status } }));
}

type First = { readonly order: StrategyOrder; readonly requestHash: string };

export const repeat = ({ order, requestHash }: First, repeated: readonly string[]): Answer =>
  repeated.includes(requestHash) ? ok(order) : refuse('IDEMPOTENCY_KEY_REUSED');
