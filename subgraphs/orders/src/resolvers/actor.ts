import { type Principal, requireRole } from '@simplebank/chassis/auth';
import { boundedText } from '@simplebank/chassis/scalars';
import type { Context } from '../context.ts';

const reasonCharsMax = 500;

/** Who commands, for the audit. */
export const actorOf = ({ customerId, roles }: Principal, { requestId }: Context) => ({
  actor: customerId,
  role: roles.join(' '),
  requestId,
});

/** A member of staff who may correct. Throws UNAUTHENTICATED or FORBIDDEN for anybody else. */
export const requireOperations = (context: Context) =>
  actorOf(requireRole(context.viewer, 'operations'), context);

/** Why staff act. Throws BAD_INPUT that names the field when it is blank or over 500 characters. */
export const reasonOf = (reason: string): string =>
  boundedText(reason, { field: 'input.reason', max: reasonCharsMax });
