import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { insertIdentity } from '../data/identities.ts';
import type { Role } from '../domain/identity.ts';
import { isStrongPassword } from '../domain/password-policy.ts';

export type RegisterStaff = {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly reason: string;
  readonly idempotencyKey: string;
};
export type StaffRefusal = { readonly code: 'PASSWORD_TOO_WEAK' | 'EMAIL_TAKEN' } | KeyReused;

/** Answers the id of the new member of staff, who is no customer and has no accounts. */
export async function registerStaff(
  deps: Deps,
  asked: RegisterStaff,
  { by }: Story,
): Promise<Result<string, StaffRefusal>> {
  const { password, reason, idempotencyKey, ...staff } = asked;
  if (!isStrongPassword(password, staff.email)) return refuse({ code: 'PASSWORD_TOO_WEAK' });

  const passwordHash = await deps.passwords.hash(password);
  const roles = [...staff.roles].sort();
  // Nobody without the key learns the password from it: a quick hash of one must not be kept.
  const input = { ...staff, roles, reason, password: deps.dataKeys.fingerprint(password) };
  const ask = { owner: by.actor, key: idempotencyKey, command: 'registerStaff', input };
  return once(deps, { ...ask, movesMoney: false }, async (tx, id) => {
    const createdAt = deps.clock.now();
    const isNew = await insertIdentity(tx, { ...staff, id, roles, passwordHash, createdAt });
    if (!isNew) return refuse({ code: 'EMAIL_TAKEN' } as const);
    const after = { email: staff.email, roles };
    await audit(tx, deps, [{ by, command: 'registerStaff', subject: id, reason, after }]);
    return ok(id);
  });
}
