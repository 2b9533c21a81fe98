import { requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type {
  MutationResolvers,
  RegisterStaffRefusalCode,
  Role as RoleName,
} from '../../../generated/graphql.ts';
import * as commands from '../../commands/register-staff.ts';
import { type Role, staffRoles } from '../../domain/identity.ts';
import { emailOf, nameOf, reasonOf, secretOf } from '../input.ts';

const messages: Readonly<Record<RegisterStaffRefusalCode, string>> = {
  PASSWORD_TOO_WEAK: 'At least 12 characters, neither the email nor a common password.',
  EMAIL_TAKEN: 'This email is registered already.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used for another request.',
};

export const registerStaff: NonNullable<MutationResolvers['registerStaff']> = async (
  _,
  { input },
  context,
) => {
  requireRole(context.viewer, 'service', 'operations');
  const asked = {
    email: emailOf(input.email),
    password: secretOf(input.password, 'input.password'),
    name: nameOf(input.name),
    roles: rolesOf(input.roles),
    reason: reasonOf(input.reason),
    idempotencyKey: idempotencyKeyOf(input.idempotencyKey),
  };
  const done = await commands.registerStaff(context, asked, storyOf(context));
  if (!done.ok) {
    const { code } = done.error;
    return { __typename: 'RegisterStaffRefusal', code, message: messages[code] };
  }
  return { __typename: 'RegisterStaffSuccess', staff: done.value };
};

function rolesOf(names: readonly RoleName[]): Role[] {
  const roles = staffRoles.filter((role) => names.some((name) => name.toLowerCase() === role));
  if (roles.length > 0 && roles.length === new Set(names).size) return roles;
  throw new PublicError('BAD_INPUT', 'Expected SUPPORT, OPERATIONS or both.', {
    field: 'input.roles',
  });
}
