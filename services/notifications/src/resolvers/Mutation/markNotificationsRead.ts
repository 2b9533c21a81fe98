import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import * as commands from '../../commands/mark-read.ts';
import type { MarkNotificationsReadInput, MutationResolvers } from '../../generated/graphql.ts';

const idsMax = 100;

type Resolver = NonNullable<MutationResolvers['markNotificationsRead']>;

export const markNotificationsRead: Resolver = async (_, { input }, context) => {
  const { customerId } = requirePrincipal(context.viewer);
  const { idempotencyKey: key } = input;
  const idempotencyKey = key === null || key === undefined ? null : idempotencyKeyOf(key);
  const draft = { customerId, which: whichOf(input), idempotencyKey };
  const done = await commands.markMessagesRead(context, draft);
  if (done.ok) return { __typename: 'MarkNotificationsReadSuccess', ...done.value };
  if (done.error === 'NOT_FOUND') {
    const field = 'input.ids';
    throw new PublicError('NOT_FOUND', 'There is no such notification.', { field });
  }
  const message = 'This key was used with another input.';
  return { __typename: 'MarkNotificationsReadRefusal', code: done.error, message };
};

/** Throws BAD_INPUT unless exactly one of both is given, and 1 to 100 ids. */
function whichOf({ ids, allBefore }: MarkNotificationsReadInput) {
  if (ids && !allBefore) {
    if (ids.length < 1 || ids.length > idsMax) throw badInput(`Expected 1 to ${idsMax} ids.`);
    return { ids: ids.map((id, row) => uuidOf(id, `input.ids.${row}`)) };
  }
  if (allBefore && !ids) return { allBefore };
  throw badInput('Expected either ids or allBefore.');
}

const badInput = (message: string): PublicError =>
  new PublicError('BAD_INPUT', message, { field: 'input.ids' });
