import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import type { Story } from '../../commands/story.ts';
import { isAuditedSince } from '../../data/audit.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { customerRegistered, signUpRepeated } from '../../events/published.ts';
import { insertCustomer, insertIdentity, lockEmailOwner } from '../data/identities.ts';
import { isStrongPassword } from '../domain/password-policy.ts';

export type SignUp = { readonly email: string; readonly password: string; readonly name: string };
export type SignUpRefusal = { readonly code: 'PASSWORD_TOO_WEAK' };

const command = 'signUp';
const dayMs = 86_400_000;

/**
 * Registers a customer. A taken email gets the same answer after the same work, so that nobody
 * learns who has an account: the password is hashed either way, and that is what takes time. Its
 * owner is told instead, once a day at most.
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
    if (!isNew) return tellOwner(tx, deps, { email, by, cause });
    await audit(tx, deps, [{ by, command, subject: id }]);
    const number = await insertCustomer(tx, id);
    await publish(tx, deps, [customerRegistered({ customerId: id, number, name, email }, cause)]);
  });
  return ok({ email });
}

async function tellOwner(
  tx: Tx,
  deps: Deps,
  { email, by, cause }: Story & Pick<SignUp, 'email'>,
): Promise<void> {
  const owner = await lockEmailOwner(tx, email);
  if (!owner) throw new Error('the email of a refused identity is nobody’s');
  const { id: subject, isCustomer } = owner;
  const [outcome, since] = ['EMAIL_TAKEN', new Date(deps.clock.now().getTime() - dayMs)];
  const isToldToday = await isAuditedSince(tx, { subject, command, outcome, since });
  await audit(tx, deps, [{ by, command, subject, outcome }]);
  if (isToldToday || !isCustomer) return;
  await publish(tx, deps, [signUpRepeated({ id: deps.newId(), customerId: subject }, cause)]);
}
