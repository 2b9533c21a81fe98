import { requireRole } from '@simplebank/chassis/auth';
import { boundedText } from '@simplebank/chassis/scalars';
import type { Staff } from '../commands/staff.ts';
import type { Context } from '../context.ts';

const reasonCharsMax = 500;

/** Staff commands need the role and a reason. Throws UNAUTHENTICATED, FORBIDDEN or BAD_INPUT. */
export function requireStaff({ viewer, requestId, cause }: Context, reason: string): Staff {
  const { customerId, roles } = requireRole(viewer, 'operations');
  const told = boundedText(reason, { field: 'input.reason', max: reasonCharsMax });
  return { actorId: customerId, roles, reason: told, requestId, cause };
}
