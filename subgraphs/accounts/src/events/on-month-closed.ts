import { handler } from '@simplebank/chassis/consumer';
import { causedBy } from '@simplebank/contracts/event';
import { MonthClosedV1 } from '@simplebank/contracts/holdings';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { writeStatements } from '../statements/index.ts';

/** Holdings has said what an account held: the statement of the month can be written. */
export const onMonthClosed = (deps: Deps) =>
  handler<Tx, MonthClosedV1>(MonthClosedV1, (tx, events) =>
    writeStatements(
      deps,
      tx,
      events.map((event) => ({ ...event.payload, cause: causedBy(event) })),
    ),
  );
