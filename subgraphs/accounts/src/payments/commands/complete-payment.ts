import { publish } from '@simplebank/chassis/outbox';
import { Decimal } from '@simplebank/kernel/decimal';
import { accountsById, debtChanged } from '../../accounts/index.ts';
import { actorOfJob, audit } from '../../commands/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { paymentFact } from '../../events/published.ts';
import {
  type Balances,
  debtRepaidLegs,
  depositLegs,
  findHolds,
  lockBalances,
  noPostings,
  resolve,
  savePostings,
  type Transaction,
  withdrawalLegs,
} from '../../ledger/index.ts';
import { lockPayment, savePayment } from '../data/payments.ts';
import { complete, type Payment } from '../domain/payment.ts';
import { causeOfJob } from './fail-payment.ts';

const by = actorOfJob('payment-provider');

/** Books what the provider has confirmed, once; a second notice changes nothing. */
export async function completePayment(deps: Deps, id: string): Promise<void> {
  await deps.transact(async (tx) => {
    const payment = await lockPayment(tx, id);
    const completed = payment && complete(payment, deps.clock.now());
    if (!completed) return;

    const balances = (await lockBalances(tx, [payment.accountId])).get(payment.accountId);
    if (!balances) throw new Error(`payment ${id}: its account has no ledger accounts`);
    const place = { payment, balances };
    if (payment.kind === 'DEPOSIT') await bookDeposit(deps, tx, place);
    else await bookWithdrawal(deps, tx, place);
    await savePayment(tx, completed);
    const states = { before: payment.status, after: completed.status };
    await audit(tx, deps, [{ by, command: 'completePayment', subject: id, ...states }]);
    await publish(tx, deps, [paymentFact(completed, causeOfJob(payment))]);
  });
}

type Place = { readonly payment: Payment; readonly balances: Balances };

/** Credits cash; a debt is repaid first, and with its end the account is free again. */
async function bookDeposit(deps: Deps, tx: Tx, { payment, balances }: Place): Promise<void> {
  const { amount } = payment.amount;
  const repaid = Decimal.min(balances.owed, amount);
  const deposit = transactionOf(deps, payment, {
    kind: 'DEPOSIT',
    reference: `deposit:${payment.id}`,
    legs: depositLegs(balances, amount),
  });
  const repayment = transactionOf(deps, payment, {
    kind: 'DEBT_REPAID',
    reference: `debt-repaid:${payment.id}`,
    legs: debtRepaidLegs(balances, repaid),
  });
  const transactions = repaid.isZero() ? [deposit] : [deposit, repayment];
  await savePostings(tx, { ...noPostings, transactions });
  if (repaid.isZero() || repaid.lessThan(balances.owed)) return;

  const account = (await accountsById(tx, [payment.accountId])).get(payment.accountId);
  if (!account) throw new Error(`payment ${payment.id} has lost its account`);
  await debtChanged(tx, deps, { account, owes: false, by, cause: causeOfJob(payment) });
}

/** Spends what was held. */
async function bookWithdrawal(deps: Deps, tx: Tx, { payment, balances }: Place): Promise<void> {
  const { amount } = payment.amount;
  const holds = await findHolds(tx, { purpose: 'WITHDRAWAL', references: [payment.id] });
  const hold = holds.get(payment.id);
  if (!hold || hold.ended) throw new Error(`payment ${payment.id} was confirmed without a hold`);
  const at = deps.clock.now();
  const transaction = transactionOf(deps, payment, {
    kind: 'WITHDRAWAL',
    reference: `withdrawal:${payment.id}`,
    legs: withdrawalLegs(balances, amount),
  });
  const transactionId = transaction.id;
  const capture = { holdId: hold.id, execution: payment.id, amount, transactionId, at };
  const resolution = resolve({ ...hold, captured: amount }, { at });
  const facts = { transactions: [transaction], captures: [capture], resolutions: [resolution] };
  await savePostings(tx, { ...noPostings, ...facts });
}

type Booking = Pick<Transaction, 'kind' | 'reference' | 'legs'>;

const transactionOf = (
  { newId, clock }: Deps,
  { id, amount: { currency } }: Payment,
  booking: Booking,
): Transaction => ({
  ...{ id: newId(), at: clock.now(), currency, paymentId: id, orderId: null, executionId: null },
  ...booking,
});
