import { handler } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { DividendDueV1 } from '@simplebank/contracts/holdings';
import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { keepEntitlements } from '../dividends/index.ts';

/** Holdings has said what an account is due of a dividend: it is paid on the pay date. */
export const onDividendDue = (deps: Deps) =>
  handler<Tx, DividendDueV1>(DividendDueV1, (tx, events) =>
    keepEntitlements(deps, tx, events.map(toEntitlement)),
  );

function toEntitlement(event: Envelope<DividendDueV1>) {
  const { payload, aggregateVersion: version, correlationId, eventId } = event;
  const { quantity, rate, amount, currency, ...ids } = payload;
  if (!isCurrency(currency)) throw new Error(`dividend ${ids.actionId} is in no known money`);
  const numbers = { quantity: new Decimal(quantity), rate: new Decimal(rate) };
  return {
    ...{ ...ids, ...numbers, amount: new Decimal(amount), currency },
    ...{ version, correlationId, eventId },
  };
}
