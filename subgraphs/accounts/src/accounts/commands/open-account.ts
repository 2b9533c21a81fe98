import { publish } from '@simplebank/chassis/outbox';
import { isCurrency } from '@simplebank/kernel/money';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { audit } from '../../commands/audit.ts';
import { type KeyReused, once } from '../../commands/once.ts';
import type { Story } from '../../commands/story.ts';
import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { accountOpened } from '../../events/published.ts';
import { noteState, openLedgerAccounts } from '../../ledger/index.ts';
import { countAccounts, insertAccount, lockCustomers } from '../data/accounts.ts';
import { accountsPerOwnerMax } from '../domain/account.ts';

export type OpenAccount = {
  readonly name: string;
  readonly currency: string;
  readonly ownerIds: readonly string[];
  readonly openedBy: string;
  readonly idempotencyKey: string;
};
export type OpenRefusal =
  | { readonly code: 'CURRENCY_NOT_SUPPORTED' | 'OWNER_NOT_FOUND' | 'TOO_MANY_ACCOUNTS' }
  | KeyReused;

/** Answers the id of the account, which is ONBOARDING: it becomes ACTIVE once it is submitted. */
export async function openAccount(
  deps: Deps,
  asked: OpenAccount,
  story: Story,
): Promise<Result<string, OpenRefusal>> {
  const { name, currency, openedBy, idempotencyKey } = asked;
  if (!isCurrency(currency)) return refuse({ code: 'CURRENCY_NOT_SUPPORTED' });

  const ownerIds = [...new Set(asked.ownerIds)].sort();
  const input = { name, currency, ownerIds };
  const ask = { owner: openedBy, key: idempotencyKey, command: 'openAccount', input };
  return once<OpenRefusal>(deps, { ...ask, movesMoney: false }, async (tx, id) => {
    const refusal = await refusalOf(tx, ownerIds);
    if (refusal) return refuse(refusal);

    const createdAt = deps.clock.now();
    const account = await insertAccount(tx, {
      ...{ id, name, currency, ownerIds, createdAt },
      ...{ status: 'ONBOARDING', statusBeforeFreeze: null, limitedFor: null, version: 1 },
    });
    await openLedgerAccounts(tx, account);
    await noteState(tx, account, createdAt);
    await audit(tx, deps, [
      {
        by: story.by,
        command: 'openAccount',
        subject: id,
        after: { ...input, status: 'ONBOARDING' },
      },
    ]);
    await publish(tx, deps, [accountOpened(account, story.cause)]);
    return ok(account);
  });
}

async function refusalOf(tx: Tx, ownerIds: readonly string[]): Promise<OpenRefusal | null> {
  const customers = await lockCustomers(tx, ownerIds);
  if (customers.length < ownerIds.length) return { code: 'OWNER_NOT_FOUND' };
  const counts = await countAccounts(tx, ownerIds);
  const isFull = [...counts.values()].some((count) => count >= accountsPerOwnerMax);
  return isFull ? { code: 'TOO_MANY_ACCOUNTS' } : null;
}
