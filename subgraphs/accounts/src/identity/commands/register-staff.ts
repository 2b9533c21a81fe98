import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { findIdentities, insertIdentity } from '../data/identities.ts';
import type { Identity, Role } from '../domain/identity.ts';
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

/**
 * Answers the new member of staff, who is no customer and has no accounts. Whoever registers them
 * need not be one who reads identities.
 */
export async function registerStaff(
  deps: Deps,
  asked: RegisterStaff,
  { by }: Story,
): Promise<Result<Identity, StaffRefusal>> {
  const { password, reason, idempotencyKey, ...staff } = asked;
  if (!isStrongPassword(password, staff.email)) return refuse({ code: 'PASSWORD_TOO_WEAK' });

  const passwordHash = await deps.passwords.hash(password);
  const roles = [...staff.roles].sort();
  // Nobody without the key learns the password from it: a quick hash of one must not be kept.
  const input = { ...staff, roles, reason, password: deps.dataKeys.fingerprint(password) };
  const ask = { owner: by.actor, key: idempotencyKey, command: 'registerStaff', input };
  const done = await once<StaffRefusal>(deps, { ...ask, movesMoney: false }, async (tx, id) => {
    const createdAt = deps.clock.now();
    const isNew = await insertIdentity(tx, { ...staff, id, roles, passwordHash, createdAt });
    if (!isNew) return refuse({ code: 'EMAIL_TAKEN' } as const);
    const after = { email: staff.email, roles };
    await audit(tx, deps, [{ by, command: 'registerStaff', subject: id, reason, after }]);
    return ok(id);
  });
  if (!done.ok) return done;
  const [identity] = await findIdentities(deps.db, [done.value]);
  if (!identity) throw new Error(`staff ${done.value} is not there after its registration`);
  return ok(identity);
}
