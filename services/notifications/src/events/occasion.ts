import { NotYet } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import {
  type AccountOccasion,
  type CustomerOccasion,
  notifyCustomers,
  notifyOwners,
} from '../commands/notify-customers.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

type Source = 'eventId' | 'correlationId' | 'traceparent';
type About = Omit<AccountOccasion, Source>;
type AboutCustomer = Omit<CustomerOccasion, Source>;

/** What an event gives reason to write about; null when it is not worth a message. */
export type Telling<Payload, To = About> = (payload: Payload) => To | null;

function occasionsOf<Payload, To>(
  events: readonly Envelope<Payload>[],
  telling: Telling<Payload, To>,
): readonly (To & Pick<AccountOccasion, Source>)[] {
  return events.flatMap(({ eventId, correlationId, traceparent, payload }) => {
    const about = telling(payload);
    return about ? [{ ...about, eventId, correlationId, traceparent }] : [];
  });
}

/** A handler that tells the owners of an account; it waits while they are not known yet. */
export const tells =
  <Payload>(deps: Deps, telling: Telling<Payload>) =>
  async (tx: Tx, events: readonly Envelope<Payload>[]): Promise<void> => {
    const occasions = occasionsOf(events, telling);
    if (occasions.length === 0 || (await notifyOwners(tx, deps, occasions))) return;
    throw new NotYet('the owners of an account are not known yet');
  };

/** A handler that tells one customer about something that is no account's. */
export const tellsCustomer =
  <Payload>(deps: Deps, telling: Telling<Payload, AboutCustomer>) =>
  (tx: Tx, events: readonly Envelope<Payload>[]): Promise<void> =>
    notifyCustomers(tx, deps, occasionsOf(events, telling));
