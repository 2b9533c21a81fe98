import { requireRole } from '@simplebank/chassis/auth';
import { boundedText, idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { transactionBy } from '../../../ledger/index.ts';
import {
  type ReverseRefusal,
  reverseTransaction as reverse,
} from '../../commands/reverse-transaction.ts';

const reasonCharsMax = 500;

const messages: Readonly<Record<Exclude<ReverseRefusal['code'], 'NOT_REVERSIBLE'>, string>> = {
  TRANSACTION_NOT_FOUND: 'There is no such transaction.',
  ALREADY_REVERSED: 'This transaction has been reversed already.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

const messageOf = (refusal: ReverseRefusal): string =>
  refusal.code === 'NOT_REVERSIBLE' ? refusal.why : messages[refusal.code];

export const reverseTransaction: NonNullable<MutationResolvers['reverseTransaction']> = async (
  _,
  { input },
  context,
) => {
  requireRole(context.viewer, 'operations');
  const asked = {
    transactionId: uuidOf(input.transactionId, 'input.transactionId'),
    part: input.part ?? 'WHOLE',
    reason: boundedText(input.reason, { field: 'input.reason', max: reasonCharsMax }),
    idempotencyKey: idempotencyKeyOf(input.idempotencyKey),
  };
  const done = await reverse(context, asked, storyOf(context));
  if (!done.ok) {
    const { code } = done.error;
    return { __typename: 'ReverseTransactionRefusal', code, message: messageOf(done.error) };
  }
  const transaction = await transactionBy(context.db, done.value);
  if (!transaction) throw new Error(`correction ${done.value} is not there`);
  return { __typename: 'ReverseTransactionSuccess', transaction };
};
