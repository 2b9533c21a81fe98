import { requireRole } from '@simplebank/chassis/auth';
import { boundedText, idempotencyKeyOf, uuidOf } from '@simplebank/chassis/scalars';
import { resolveMissingShares as resolve } from '../../commands/resolve-missing-shares.ts';
import type {
  ResolveMissingSharesRefusalCode as Code,
  MutationResolvers,
} from '../../generated/graphql.ts';
import { missingSharesOf } from '../../queries/missing-shares.ts';

const reasonCharsMax = 500;
const executionIdCharsMax = 200;

const messages: Readonly<Record<Code, string>> = {
  ALREADY_RESOLVED: 'Somebody has decided about these shares already.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const resolveMissingShares: NonNullable<MutationResolvers['resolveMissingShares']> = async (
  _,
  { input },
  context,
) => {
  const { customerId, roles } = requireRole(context.viewer, 'operations');
  const key = {
    orderId: uuidOf(input.orderId, 'input.orderId'),
    executionId: boundedText(input.executionId, {
      field: 'input.executionId',
      max: executionIdCharsMax,
    }),
  };
  const reason = boundedText(input.reason, { field: 'input.reason', max: reasonCharsMax });
  const by = { actor: customerId, role: roles.join(' '), requestId: context.requestId };
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const done = await resolve(context, { ...key, ...by, kind: input.kind, reason, idempotencyKey });
  if (done.ok) {
    const missing = await missingSharesOf(context, key);
    return { __typename: 'ResolveMissingSharesSuccess', missing };
  }
  const { code } = done.error;
  return { __typename: 'ResolveMissingSharesRefusal', code, message: messages[code] };
};
