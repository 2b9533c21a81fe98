import type { CustomerRegisteredV1 } from '@simplebank/contracts/accounts';
import type { Envelope } from '@simplebank/contracts/event';
import { updateContacts } from '../commands/update-copies.ts';
import type { Tx } from '../data/client.ts';

export const onCustomerRegistered = (
  tx: Tx,
  events: readonly Envelope<CustomerRegisteredV1>[],
): Promise<void> =>
  updateContacts(
    tx,
    events.map(({ aggregateVersion: version, payload: { customerId, name, email } }) => {
      return { customerId, name, email, version };
    }),
  );
