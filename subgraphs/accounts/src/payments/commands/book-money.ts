import { Decimal } from '@simplebank/kernel/decimal';
import { accountsById, debtChanged } from '../../accounts/index.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  availableOf,
  type Balances,
  debtRepaidLegs,
  depositLegs,
  findHolds,
  lockBalances,
  noPostings,
  resolve,
  savePostings,
  type Transaction,
  takenLegs,
  withdrawalLegs,
} from '../../ledger/index.ts';
import type { Payment } from '../domain/payment.ts';
import type { Effect, Move } from '../domain/transitions.ts';

export type Booking = {
  /** As it was before the move. */
  readonly payment: Payment;
  readonly move: Move;
  readonly effect: Effect;
  readonly story: Story;
};

/** Books what a move of a payment does to the money of its account, which it locks. */
export async function bookMoney(deps: Deps, tx: Tx, booking: Booking): Promise<void> {
  const { payment, effect } = booking;
  if (effect === 'NONE') return;
  const balances = (await lockBalances(tx, [payment.accountId])).get(payment.accountId);
  if (!balances) throw new Error(`payment ${payment.id}: its account has no ledger accounts`);
  await effects[effect](deps, tx, { ...booking, balances });
  await tellClosed(deps, tx, booking);
}

/** CLOSED is final, so no customer can reach what is booked there: staff finds where it belongs. */
async function tellClosed({ log }: Deps, tx: Tx, { payment, move }: Booking): Promise<void> {
  const { id: payment_id, accountId: account_id } = payment;
  const account = (await accountsById(tx, [account_id])).get(account_id);
  if (account?.status !== 'CLOSED') return;
  const alert = 'CLOSED_ACCOUNT_MOVED';
  const about = { account_id, payment_id, trigger: move.trigger, error_code: alert, alert };
  log.error(about, 'money was moved on an account that is closed');
}

type Place = Booking & { readonly balances: Balances };
type Book = (deps: Deps, tx: Tx, place: Place) => Promise<void>;

/** More cash; a debt is repaid first. */
const credit: Book = async (deps, tx, place) => {
  const { amount } = place.payment.amount;
  const transaction = paid(deps, place, depositLegs(place.balances, amount));
  await repay(deps, tx, { ...place, transactions: [transaction], freed: amount });
};

/** Less cash as far as it is available; the rest becomes debt, and the account is limited. */
const take: Book = async (deps, tx, place) => {
  const { balances } = place;
  const { amount } = place.payment.amount;
  const debt = Decimal.max(0, amount.minus(availableOf(balances)));
  const transaction = paid(deps, place, takenLegs(balances, { amount, debt }));
  await savePostings(tx, { ...noPostings, transactions: [transaction] });
  if (!debt.isZero()) await tellDebt(deps, tx, { ...place, owes: true });
};

/** Spends what was held. */
const capture: Book = async ({ newId, clock }, tx, place) => {
  const { payment, balances } = place;
  const { amount } = payment.amount;
  const hold = await holdOf(tx, payment);
  if (!hold || hold.ended) throw new Error(`payment ${payment.id} was confirmed without a hold`);
  const at = clock.now();
  const transaction = paid({ newId, clock }, place, withdrawalLegs(balances, amount));
  const captured = { holdId: hold.id, execution: payment.id, amount, at };
  await savePostings(tx, {
    ...noPostings,
    transactions: [transaction],
    captures: [{ ...captured, transactionId: transaction.id }],
    resolutions: [resolve({ ...hold, captured: amount }, { at })],
  });
};

/** Gives back what was held; who owes money repays it from that. */
const release: Book = async (deps, tx, place) => {
  const hold = await holdOf(tx, place.payment);
  if (!hold || hold.ended) throw new Error(`payment ${place.payment.id} has no hold to give back`);
  const expired = place.move.trigger === 'EXPIRE';
  const resolution = resolve(hold, { at: deps.clock.now(), expired });
  await savePostings(tx, { ...noPostings, resolutions: [resolution] });
  await repay(deps, tx, { ...place, transactions: [], freed: resolution.amount });
};

const effects: Readonly<Record<Exclude<Effect, 'NONE'>, Book>> = {
  CREDIT: credit,
  TAKE: take,
  CAPTURE: capture,
  RELEASE: release,
};

type Freed = Place & {
  readonly transactions: readonly Transaction[];
  /** What has just been added to the available money. */
  readonly freed: Decimal;
};

/** Repays a debt with all that is available: nobody owes the bank money and has some to spend. */
async function repay(deps: Deps, tx: Tx, { freed, transactions, ...place }: Freed) {
  const { balances, payment, move } = place;
  const repaid = Decimal.min(balances.owed, availableOf(balances).plus(freed));
  if (repaid.isZero()) return savePostings(tx, { ...noPostings, transactions });
  const repayment = transactionOf(deps, payment, {
    kind: 'DEBT_REPAID',
    reference: `debt-repaid:${payment.id}:${move.trigger}`,
    legs: debtRepaidLegs(balances, repaid),
  });
  await savePostings(tx, { ...noPostings, transactions: [...transactions, repayment] });
  if (repaid.equals(balances.owed)) await tellDebt(deps, tx, { ...place, owes: false });
}

async function tellDebt(deps: Deps, tx: Tx, place: Place & { readonly owes: boolean }) {
  const { payment, owes, story } = place;
  const account = (await accountsById(tx, [payment.accountId])).get(payment.accountId);
  if (!account) throw new Error(`payment ${payment.id} has lost its account`);
  await debtChanged(tx, deps, { account, owes, ...story });
}

async function holdOf(tx: Tx, { id }: Payment) {
  const holds = await findHolds(tx, { purpose: 'WITHDRAWAL', references: [id] });
  return holds.get(id);
}

/** Money that has come or gone, named by what it was: each happens to a payment once. */
function paid(deps: Ids, { payment, move }: Place, legs: Transaction['legs']): Transaction {
  const kind = move.trigger === 'RETURN' ? 'RETURN' : payment.kind;
  return transactionOf(deps, payment, {
    kind,
    reference: `${kind.toLowerCase()}:${payment.id}`,
    legs,
  });
}

type Ids = Pick<Deps, 'newId' | 'clock'>;

const transactionOf = (
  { newId, clock }: Ids,
  { id, amount: { currency } }: Payment,
  booked: Pick<Transaction, 'kind' | 'reference' | 'legs'>,
): Transaction => ({
  ...{ id: newId(), at: clock.now(), currency, paymentId: id, orderId: null, executionId: null },
  ...booked,
});
