import type { AccountOpenedV1, AccountStatusChangedV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { updateAccounts } from '../commands/update-copies.ts';
import type { Tx } from '../data/client.ts';

/** Both events carry the whole account. */
export const onAccountEvents = (
  tx: Tx,
  events: readonly Envelope<AccountOpenedV1 | AccountStatusChangedV1>[],
): Promise<void> =>
  updateAccounts(
    tx,
    events.map(({ aggregateVersion: version, payload }) => {
      const { accountId: id, number, ownerIds, currency, status } = payload;
      return { id, number: BigInt(number), ownerIds, currency, status, version };
    }),
  );
