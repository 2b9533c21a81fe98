import type { AccountOpenedV1, AccountStatusChangedV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import type { AccountId } from '@simplebank/kernel/ids';
import { keepAccounts } from '../commands/keep-copies.ts';
import type { Tx } from '../deps.ts';

/** Opening and every change of state carry the whole copy. */
export const onAccountChanged = (
  tx: Tx,
  events: readonly Envelope<AccountOpenedV1 | AccountStatusChangedV1>[],
): Promise<void> =>
  keepAccounts(
    tx,
    events.map(({ payload, aggregateVersion, occurredAt }) => ({
      id: payload.accountId as AccountId,
      number: BigInt(payload.number),
      ownerIds: payload.ownerIds,
      currency: payload.currency,
      status: payload.status,
      version: aggregateVersion,
      asOf: new Date(occurredAt),
    })),
  );
