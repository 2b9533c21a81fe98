import { Decimal } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { accountsById } from '../../accounts/index.ts';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import {
  accountOf,
  availableOf,
  type Balances,
  type Booked,
  correctionLegs,
  findBooked,
  lockBalances,
  movedOf,
  noPostings,
  notReversible,
  type Reversal,
  type ReversalRefusal,
  reversalOf,
  savePostings,
  type Transaction,
  type TransactionPart,
} from '../../ledger/index.ts';
import { repayFree } from './debts.ts';
import { tellCorrections } from './tell-correction.ts';

export type ReverseTransaction = {
  readonly transactionId: string;
  readonly part: TransactionPart;
  readonly reason: string;
  readonly idempotencyKey: string;
};
export type ReverseRefusal =
  | { readonly code: 'TRANSACTION_NOT_FOUND' }
  | ReversalRefusal
  | KeyReused;

/**
 * Staff reverses a transaction once (domain §1, §2.5 rule 1): the opposite entries in a new one
 * that names it. What is taken leaves as far as it is available and the rest becomes debt; what is
 * given repays debt first. Answers the id of the correction.
 */
export async function reverseTransaction(
  deps: Deps,
  { idempotencyKey, ...input }: ReverseTransaction,
  story: Story,
): Promise<Result<string, ReverseRefusal>> {
  const command = 'reverseTransaction';
  const ask = { owner: story.by.actor, key: idempotencyKey, command, input, movesMoney: true };
  return once<ReverseRefusal>(deps, ask, async (tx, id) => {
    const found = await findBooked(tx, input.transactionId);
    if (!found) return refuse({ code: 'TRANSACTION_NOT_FOUND' });
    const accountId = accountOf(found);
    const balances = accountId && (await lockBalances(tx, [accountId])).get(accountId);
    // Read again behind the lock: somebody may have reversed it meanwhile.
    const booked = (await findBooked(tx, found.id)) ?? found;
    const decided = reversalOf(booked, input.part);
    if (!decided.ok) return decided;
    if (!balances) throw new Error(`transaction ${booked.id} has lost its account`);
    if (await isClosed(tx, balances)) return notReversible(closed);

    const after = await carryOut(deps, tx, {
      id,
      booked,
      balances,
      reversal: decided.value,
      story,
    });
    const { reason } = input;
    const states = { before: moneyIn(balances), after: { ...moneyIn(after), reversedById: id } };
    await audit(tx, deps, [{ by: story.by, command, subject: booked.id, reason, ...states }]);
    return ok(id);
  });
}

const closed = 'The account is closed, which is final: nobody could reach the money.';

async function isClosed(tx: Tx, { accountId }: Balances): Promise<boolean> {
  return (await accountsById(tx, [accountId])).get(accountId)?.status === 'CLOSED';
}

const moneyIn = ({ posted, held, owed }: Balances) => ({
  posted: posted.toFixed(),
  held: held.toFixed(),
  owed: owed.toFixed(),
});

type Case = {
  readonly id: string;
  readonly booked: Booked;
  readonly balances: Balances;
  readonly reversal: Reversal;
  readonly story: Story;
};

/** Answers the account's money after it. */
async function carryOut(deps: Deps, tx: Tx, { balances, story, ...made }: Case): Promise<Balances> {
  const transaction = correctionOf(deps, { balances, ...made });
  await savePostings(tx, { ...noPostings, transactions: [transaction] });
  const { accountId, currency } = balances;
  const about = { id: made.id, accountId, currency, cause: story.cause };
  await tellCorrections(tx, deps, [{ ...about, amount: movedOf(made.reversal) }]);
  return repayFree(deps, tx, { before: balances, by: `correction:${made.id}`, story });
}

function correctionOf(
  { clock }: Pick<Deps, 'clock'>,
  { id, booked, balances, reversal: { houses } }: Omit<Case, 'story'>,
): Transaction {
  const taken = movedOf({ houses }).negated();
  const debt = Decimal.max(0, taken.minus(availableOf(balances)));
  const { orderId, executionId, paymentId } = booked;
  return {
    ...{ id, kind: 'CORRECTION', reference: `correction:${booked.id}`, at: clock.now() },
    ...{ currency: balances.currency, orderId, executionId, paymentId, reversesId: booked.id },
    legs: correctionLegs(balances, { houses, debt }),
  };
}
