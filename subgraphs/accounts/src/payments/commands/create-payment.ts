import { publish } from '@simplebank/chassis/outbox';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Money } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type Account, accountsById, mayCustomer } from '../../accounts/index.ts';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { paymentFact } from '../../events/published.ts';
import {
  type Balances,
  lockBalances,
  noPostings,
  savePostings,
  withdrawableOf,
} from '../../ledger/index.ts';
import { insertPayment } from '../data/payments.ts';
import {
  type AmountRefusal,
  type Payment,
  type PaymentKind,
  paymentAmount,
  withdrawalHoldLifeMs,
} from '../domain/payment.ts';

export type CreatePayment = {
  readonly account: Account;
  readonly amount: Decimal;
  readonly reference: string | null;
  readonly createdById: string;
  readonly idempotencyKey: string;
};
/** A payment to be made under the lock of its account's balances. */
export type NewDeposit = Omit<CreatePayment, 'account' | 'idempotencyKey'> & {
  readonly id: string;
  readonly accountId: string;
  readonly planRunId: string;
};
type StatusRefusal = { readonly code: 'ACCOUNT_STATUS' };
type FundsRefusal = { readonly code: 'INSUFFICIENT_FUNDS' };
export type DepositRefusal = AmountRefusal | StatusRefusal | KeyReused;
export type WithdrawalRefusal = DepositRefusal | FundsRefusal;

/** Answers the id of the payment, which a job sends off. */
export const createDeposit = (
  deps: Deps,
  asked: CreatePayment,
  story: Story,
): Promise<Result<string, DepositRefusal>> =>
  create(deps, { ...asked, kind: 'DEPOSIT', mayNot: mayNotDeposit }, story);

/** The same for money that leaves: only what is settled and free, and it is held at once. */
export const createWithdrawal = (
  deps: Deps,
  asked: CreatePayment,
  story: Story,
): Promise<Result<string, WithdrawalRefusal>> =>
  create(deps, { ...asked, kind: 'WITHDRAWAL', mayNot: mayNotWithdraw }, story);

type Place = { readonly account: Account; readonly balances: Balances };
type Rule<E> = {
  readonly kind: PaymentKind;
  readonly mayNot: (place: Place, amount: Decimal) => E | null;
};
type Creation<E> = CreatePayment & Rule<E>;

const mayNotDeposit = ({ account }: Place): StatusRefusal | null =>
  mayCustomer(account.status, 'deposit') ? null : { code: 'ACCOUNT_STATUS' };

function mayNotWithdraw({ account, balances }: Place, amount: Decimal) {
  if (!mayCustomer(account.status, 'withdraw')) return { code: 'ACCOUNT_STATUS' } as const;
  const isThere = withdrawableOf(balances).greaterThanOrEqualTo(amount);
  return isThere ? null : ({ code: 'INSUFFICIENT_FUNDS' } as const);
}

async function create<E>(
  deps: Deps,
  { account, amount: wanted, reference, createdById, idempotencyKey, ...rule }: Creation<E>,
  story: Story,
): Promise<Result<string, E | AmountRefusal | KeyReused>> {
  const checked = paymentAmount(wanted, account.currency);
  if (!checked.ok) return checked;

  const amount = checked.value;
  const { id: accountId } = account;
  const input = { accountId, amount: amount.amount.toFixed(), reference };
  const command = commandOf(rule.kind);
  const ask = { owner: createdById, key: idempotencyKey, command, input, movesMoney: true };
  return once<E>(deps, ask, (tx, id) => {
    const asked = { id, accountId, amount, reference, createdById, planRunId: null };
    return record(deps, tx, { ...asked, ...rule, story });
  });
}

/**
 * A deposit that a recurring plan asks for, by the same rules as a customer's own, in the
 * transaction of the caller. A refusal has written nothing.
 */
export async function depositForPlan(
  deps: Deps,
  tx: Tx,
  { amount: wanted, ...asked }: NewDeposit & { readonly story: Story },
): Promise<Result<Payment, AmountRefusal | StatusRefusal>> {
  const [account] = (await accountsById(tx, [asked.accountId])).values();
  if (!account) throw new Error(`account ${asked.accountId} is not there`);
  const checked = paymentAmount(wanted, account.currency);
  if (!checked.ok) return checked;
  const rule = { kind: 'DEPOSIT', mayNot: mayNotDeposit } as const;
  return record(deps, tx, { ...asked, ...rule, amount: checked.value });
}

const commandOf = (kind: PaymentKind) =>
  kind === 'DEPOSIT' ? 'createDeposit' : 'createWithdrawal';

type Recording<E> = Rule<E> & {
  readonly id: string;
  readonly accountId: string;
  readonly amount: Money;
  readonly reference: string | null;
  readonly createdById: string;
  readonly planRunId: string | null;
  readonly story: Story;
};

/** The payment with its hold, its audit and its event, unless the account does not allow it. */
async function record<E>(
  deps: Deps,
  tx: Tx,
  { mayNot, story, ...asked }: Recording<E>,
): Promise<Result<Payment, E>> {
  const { id, kind, accountId, amount, reference } = asked;
  const place = await placeFor(tx, accountId);
  const refusal = mayNot(place, amount.amount);
  if (refusal) return refuse(refusal);

  const payment = await insertPayment(tx, {
    ...asked,
    ...{ status: 'CREATED', version: 1, createdAt: deps.clock.now() },
    ...{ failureReason: null, submittedAt: null, acknowledgedAt: null, endedAt: null },
    ...{ returnedAt: null, returnReason: null },
  });
  if (kind === 'WITHDRAWAL') await hold(deps, tx, { payment, balances: place.balances });
  const after = { accountId, amount: amount.amount.toFixed(), reference };
  await audit(tx, deps, [{ by: story.by, command: commandOf(kind), subject: id, after }]);
  await publish(tx, deps, [paymentFact(payment, story.cause)]);
  return ok(payment);
}

/** The account as it is under the lock of its balances. */
async function placeFor(tx: Tx, accountId: string): Promise<Place> {
  const balances = (await lockBalances(tx, [accountId])).get(accountId);
  const account = (await accountsById(tx, [accountId])).get(accountId);
  if (!balances || !account) throw new Error(`account ${accountId} has no ledger accounts`);
  return { account, balances };
}

type Holding = { readonly payment: Payment; readonly balances: Balances };

async function hold(deps: Deps, tx: Tx, { payment, balances }: Holding): Promise<void> {
  const { id: reference, amount, createdAt } = payment;
  const expiresAt = new Date(createdAt.getTime() + withdrawalHoldLifeMs);
  const about = { purpose: 'WITHDRAWAL', reference, ...amount, createdAt, expiresAt } as const;
  const held = { id: deps.newId(), ledgerAccountId: balances.cashId, ...about };
  await savePostings(tx, { ...noPostings, holds: [held] });
}
