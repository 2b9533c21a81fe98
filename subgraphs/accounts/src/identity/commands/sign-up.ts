import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { customerRegistered } from '../../events/published.ts';
import { insertCustomer, insertIdentity } from '../data/identities.ts';
import { isStrongPassword } from '../domain/password-policy.ts';

export type SignUp = { readonly email: string; readonly password: string; readonly name: string };
export type SignUpRefusal = { readonly code: 'PASSWORD_TOO_WEAK' };

/**
 * Registers a customer. A taken email gets the same answer after the same work, so that nobody
 * learns who has an account: the password is hashed either way, and that is what takes time.
 */
export async function signUp(
  deps: Deps,
  { email, password, name }: SignUp,
  { by, cause }: Story,
): Promise<Result<{ email: string }, SignUpRefusal>> {
  if (!isStrongPassword(password, email)) return refuse({ code: 'PASSWORD_TOO_WEAK' });

  const id = deps.newId();
  const passwordHash = await deps.passwords.hash(password);
  const roles = ['customer'] as const;
  const createdAt = deps.clock.now();
  await deps.transact(async (tx) => {
    const isNew = await insertIdentity(tx, { id, email, name, passwordHash, roles, createdAt });
    const outcome = isNew ? 'DONE' : 'EMAIL_TAKEN';
    await audit(tx, deps, [{ by, command: 'signUp', subject: id, outcome }]);
    if (!isNew) return;
    const number = await insertCustomer(tx, id);
    await publish(tx, deps, [customerRegistered({ customerId: id, number, name, email }, cause)]);
  });
  return ok({ email });
}
