import type { MonthEndedV1 } from '@simplebank/contracts/accounts';
import { causedBy, type Envelope } from '@simplebank/contracts/event';
import { closeMonths } from '../commands/close-months.ts';
import type { Deps, Tx } from '../deps.ts';

/** Accounts writes statements: it is told what was held at the end of the month. */
export const onMonthEnded =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<MonthEndedV1>[]): Promise<void> =>
    closeMonths(
      tx,
      deps,
      events.map((event) => ({ ...event.payload, cause: causedBy(event) })),
    );
