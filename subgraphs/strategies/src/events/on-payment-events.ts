import type { PaymentCreatedV1 } from '@simplebank/contracts/accounts';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import { followPayments } from '../commands/follow-payments.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import type { PaymentStatus } from '../domain/copies.ts';

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
        const payment = { id, number: BigInt(number), ...terms, status, version };
        return { payment, cause: causedBy(event) };
      }),
    );
