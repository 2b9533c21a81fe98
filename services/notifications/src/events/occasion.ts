import { NotYet } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { notifyOwners, type Occasion } from '../commands/notify-customers.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

type About = Pick<Occasion, 'kind' | 'accountId' | 'facts' | 'ownerIds'>;

/** What an event gives reason to write about; null when it is not worth a message. */
export type Telling<Payload> = (payload: Payload) => About | null;

/** A handler that queues messages; it waits while the account's owners are not known yet. */
export const tells =
  <Payload>(deps: Deps, telling: Telling<Payload>) =>
  async (tx: Tx, events: readonly Envelope<Payload>[]): Promise<void> => {
    const occasions = events.flatMap(({ eventId, correlationId, traceparent, payload }) => {
      const about = telling(payload);
      return about ? [{ ...about, eventId, correlationId, traceparent }] : [];
    });
    if (occasions.length === 0 || (await notifyOwners(tx, deps, occasions))) return;
    throw new NotYet('the owners of an account are not known yet');
  };
