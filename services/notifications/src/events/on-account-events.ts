import type { AccountOpenedV1, AccountStatusChangedV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { updateAccounts } from '../commands/update-copies.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { type Telling, tells } from './occasion.ts';

type AccountEvent = AccountOpenedV1 | AccountStatusChangedV1;

/** Who owns the account, and nobody is told. */
export const keepAccounts = (tx: Tx, events: readonly Envelope<AccountEvent>[]): Promise<void> =>
  updateAccounts(
    tx,
    events.map(({ aggregateVersion: version, payload: { accountId: id, number, ownerIds } }) => {
      return { id, number, ownerIds, version };
    }),
  );

/** Keeps who owns the account, then tells the owners about it. */
const copiesAndTells =
  <Payload extends AccountEvent>(deps: Deps, telling: Telling<Payload>) =>
  async (tx: Tx, events: readonly Envelope<Payload>[]): Promise<void> => {
    await keepAccounts(tx, events);
    await tells(deps, telling)(tx, events);
  };

export const onAccountOpened = (deps: Deps) =>
  copiesAndTells<AccountOpenedV1>(deps, ({ accountId, ownerIds, currency }) => ({
    template: 'ACCOUNT_OPENED',
    accountId,
    ownerIds,
    facts: { currency },
  }));

export const onAccountStatusChanged = (deps: Deps) =>
  copiesAndTells<AccountStatusChangedV1>(deps, ({ accountId, ownerIds, status }) => ({
    template: 'ACCOUNT_STATUS',
    accountId,
    ownerIds,
    facts: { status },
  }));
