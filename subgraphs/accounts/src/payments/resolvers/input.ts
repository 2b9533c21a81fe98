import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { boundedText, idempotencyKeyOf } from '@simplebank/chassis/scalars';
import type { Decimal } from '@simplebank/kernel/decimal';
import { accountBy } from '../../accounts/index.ts';
import type { Context } from '../../context.ts';
import type { CancelRefusal } from '../commands/cancel-payment.ts';
import type { CreatePayment, WithdrawalRefusal } from '../commands/create-payment.ts';
import type { ResolveRefusal } from '../commands/resolve-notice.ts';
import type { Payment } from '../domain/payment.ts';
import { paymentBy } from '../queries/payments.ts';

const referenceCharsMax = 140;

type Code = (WithdrawalRefusal | CancelRefusal | ResolveRefusal)['code'];

export const messages: Readonly<Record<Code, string>> = {
  AMOUNT_NOT_POSITIVE: 'The amount must be more than zero.',
  AMOUNT_PRECISION: 'The amount is finer than the smallest coin.',
  AMOUNT_ABOVE_LIMIT: 'The amount is above the limit for one payment.',
  ACCOUNT_STATUS: 'The state of the account does not allow it.',
  INSUFFICIENT_FUNDS: 'There is not enough money that may be withdrawn.',
  NOT_CANCELABLE: 'The payment is on its way or has ended.',
  NOTICE_NOT_PARKED: 'The notice waits for no decision.',
  NOTICE_NOT_BOOKABLE: 'The payment is in no state in which this could be booked.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

type Input = {
  readonly accountId: string;
  readonly amount: Decimal;
  readonly currency?: string | undefined;
  readonly reference?: string | null | undefined;
  readonly idempotencyKey: string;
};

/** Reads a new payment of the viewer's own account. Throws NOT_FOUND, BAD_INPUT with the field. */
export async function paymentOf(context: Context, input: Input): Promise<CreatePayment> {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const reference = input.reference
    ? boundedText(input.reference, { field: 'input.reference', max: referenceCharsMax })
    : null;
  const account = await accountBy(context, input.accountId);
  if (!account?.ownerIds.includes(customerId)) {
    throw new PublicError('NOT_FOUND', 'There is no such account.', { field: 'input.accountId' });
  }
  if (input.currency !== undefined && input.currency !== account.currency) {
    throw new PublicError('BAD_INPUT', `The account keeps ${account.currency}.`, {
      field: 'input.currency',
    });
  }
  return { account, amount: input.amount, reference, createdById: customerId, idempotencyKey };
}

/** A payment of the viewer's own account. Throws NOT_FOUND. */
export async function requireOwnPayment(context: Context, id: string): Promise<Payment> {
  const { customerId } = requirePrincipal(context.viewer);
  const payment = await paymentBy(context, id);
  const account = payment && (await context.loaders.accounts.load(payment.accountId));
  if (payment && account?.ownerIds.includes(customerId)) return payment;
  throw new PublicError('NOT_FOUND', 'There is no such payment.', { field: 'input.paymentId' });
}

/** The payment as it is now. */
export async function reload(context: Context, id: string): Promise<Payment> {
  const payment = await paymentBy(context, id);
  if (payment) return payment;
  throw new Error(`payment ${id} is not there after its change`);
}
