import { requireRole } from '@simplebank/chassis/auth';
import { boundedText, idempotencyKeyOf } from '@simplebank/chassis/scalars';
import type { Staff } from '../commands/staff.ts';
import type { Context } from '../context.ts';

const reasonCharsMax = 500;

export const keyReused = 'The key has been used for another command.';

/** Null when the caller gave none. Throws BAD_INPUT unless 1 to 128 printable characters. */
export const optionalKeyOf = (key: string | null | undefined): string | null =>
  key === null || key === undefined ? null : idempotencyKeyOf(key);

/** Staff commands need the role and a reason. Throws UNAUTHENTICATED, FORBIDDEN or BAD_INPUT. */
export function requireStaff({ viewer, requestId, cause }: Context, reason: string): Staff {
  const { customerId, roles } = requireRole(viewer, 'operations');
  const told = boundedText(reason, { field: 'input.reason', max: reasonCharsMax });
  return { actorId: customerId, roles, reason: told, requestId, cause };
}
