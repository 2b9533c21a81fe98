import type { PaymentCreatedV1 } from '@simplebank/contracts/accounts';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import { actorOfEvent } from '../commands/audit.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import type { PaymentStatus } from '../domain/copies.ts';
import { followPayments } from '../investing/index.ts';

/** Every payment event carries the whole payment; its name says the status. */
export const onPaymentEvents =
  (deps: Deps, status: PaymentStatus) =>
  (tx: Tx, events: readonly Envelope<PaymentCreatedV1>[]): Promise<void> =>
    followPayments(
      tx,
      deps,
      events.map((event) => {
        const { paymentId: id, number, accountId, kind, amount, currency } = event.payload;
        const terms = { accountId, kind, amount: new Decimal(amount), currency };
        const version = event.aggregateVersion;
        const planRunId = event.payload.planRunId ?? null;
        const payment = { id, number: BigInt(number), ...terms, status, planRunId, version };
        return { payment, story: { by: actorOfEvent(event), cause: causedBy(event) } };
      }),
    );
