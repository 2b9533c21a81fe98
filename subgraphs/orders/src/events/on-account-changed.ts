import type { AccountOpenedV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { recordAccounts } from '../commands/record-copies.ts';
import type { Transaction } from '../deps.ts';

/** AccountOpened and AccountStatusChanged both carry the whole copy. */
export const onAccountChanged = (
  tx: Transaction,
  events: readonly Envelope<AccountOpenedV1>[],
): Promise<void> =>
  recordAccounts(
    tx,
    events.map(({ aggregateVersion, payload: { accountId, number, ...account } }) => ({
      id: accountId,
      number: BigInt(number),
      ownerIds: account.ownerIds,
      currency: account.currency,
      status: account.status,
      version: aggregateVersion,
    })),
  );
