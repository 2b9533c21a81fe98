import { PublicError } from '@simplebank/chassis/errors';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Deps } from '../../deps.ts';
import { findAccounts, saveName } from '../data/accounts.ts';
import { type Account, mayRename, type StatusRefusal } from '../domain/account.ts';

export type RenameAccount = {
  readonly account: Account;
  readonly name: string;
  readonly idempotencyKey: string | null;
};

/** A name is for its owners only, so nobody else is told. */
export async function renameAccount(
  deps: Deps,
  { account, name, idempotencyKey }: RenameAccount,
  { by }: Story,
): Promise<Result<string, StatusRefusal | KeyReused>> {
  const input = { accountId: account.id, name };
  const ask = { owner: by.actor, key: idempotencyKey, command: 'renameAccount', input };
  return once<StatusRefusal>(deps, { ...ask, movesMoney: false }, async (tx) => {
    const [current] = await findAccounts(tx, { ids: [account.id], visibleTo: null });
    if (!current) throw new PublicError('NOT_FOUND', 'There is no such account.');
    if (!mayRename(current)) return refuse({ code: 'ACCOUNT_STATUS' });
    await saveName(tx, current.id, name);
    const names = { before: current.name, after: name };
    await audit(tx, deps, [{ by, command: 'renameAccount', subject: current.id, ...names }]);
    return ok(current);
  });
}
