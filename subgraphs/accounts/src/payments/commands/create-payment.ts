import { publish } from '@simplebank/chassis/outbox';
import type { Decimal } from '@simplebank/kernel/decimal';
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
  readonly kind: PaymentKind;
  readonly account: Account;
  readonly amount: Decimal;
  readonly reference: string | null;
  readonly createdById: string;
  readonly idempotencyKey: string;
};
export type CreateRefusal =
  | AmountRefusal
  | { readonly code: 'ACCOUNT_STATUS' | 'INSUFFICIENT_FUNDS' }
  | KeyReused;

/** Answers the id of the payment, which a job sends off. A withdrawal is held at once. */
export async function createPayment(
  deps: Deps,
  asked: CreatePayment,
  story: Story,
): Promise<Result<string, CreateRefusal>> {
  const { kind, account, reference, createdById, idempotencyKey } = asked;
  const checked = paymentAmount(asked.amount, account.currency);
  if (!checked.ok) return checked;

  const amount = checked.value;
  const command = kind === 'DEPOSIT' ? 'createDeposit' : 'createWithdrawal';
  const input = { accountId: account.id, amount: amount.amount.toFixed(), reference };
  const ask = { owner: createdById, key: idempotencyKey, command, input, movesMoney: true };
  return once<CreateRefusal>(deps, ask, async (tx, id) => {
    const place = await placeFor(tx, account.id);
    const refusal = refusalOf(place, { kind, amount: amount.amount });
    if (refusal) return refuse(refusal);

    const payment = await insertPayment(tx, {
      ...{ id, kind, amount, reference, createdById, accountId: account.id },
      ...{ status: 'CREATED', version: 1, createdAt: deps.clock.now() },
      ...{ failureReason: null, submittedAt: null, acknowledgedAt: null, endedAt: null },
    });
    if (kind === 'WITHDRAWAL') await hold(deps, tx, { payment, balances: place.balances });
    await audit(tx, deps, [{ by: story.by, command, subject: id, after: input }]);
    await publish(tx, deps, [paymentFact(payment, story.cause)]);
    return ok(payment);
  });
}

type Place = { readonly account: Account; readonly balances: Balances };

/** The account as it is under the lock of its balances. */
async function placeFor(tx: Tx, accountId: string): Promise<Place> {
  const balances = (await lockBalances(tx, [accountId])).get(accountId);
  const account = (await accountsById(tx, [accountId])).get(accountId);
  if (!balances || !account) throw new Error(`account ${accountId} has no ledger accounts`);
  return { account, balances };
}

type Wish = { readonly kind: PaymentKind; readonly amount: Decimal };

function refusalOf({ account, balances }: Place, { kind, amount }: Wish): CreateRefusal | null {
  const activity = kind === 'DEPOSIT' ? 'deposit' : 'withdraw';
  if (!mayCustomer(account.status, activity)) return { code: 'ACCOUNT_STATUS' };
  if (kind === 'DEPOSIT') return null;
  return withdrawableOf(balances).lessThan(amount) ? { code: 'INSUFFICIENT_FUNDS' } : null;
}

type Holding = { readonly payment: Payment; readonly balances: Balances };

async function hold(deps: Deps, tx: Tx, { payment, balances }: Holding): Promise<void> {
  const { id: reference, amount, createdAt } = payment;
  const expiresAt = new Date(createdAt.getTime() + withdrawalHoldLifeMs);
  const about = { purpose: 'WITHDRAWAL', reference, ...amount, createdAt, expiresAt } as const;
  const held = { id: deps.newId(), ledgerAccountId: balances.cashId, ...about };
  await savePostings(tx, { ...noPostings, holds: [held] });
}
