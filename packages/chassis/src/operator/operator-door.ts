import {
  type SqlRunner,
  type Transact,
  type TransactionHost,
  transactor,
} from '../events/database.ts';
import { type By, type RecordedAction, readActions } from './actions.ts';
import { type EventPages, openEventPages } from './event-pages.ts';
import { type Letters, openLetters } from './letters.ts';
import { sayAgain } from './say-again.ts';

export { type By, type RecordedAction, recordActions } from './actions.ts';
export type { EventPage, EventPages, FeedEvent } from './event-pages.ts';
export type { Letter, Letters, OpenedLetter } from './letters.ts';

/** What operators' commands may do in a context, through the context's own role (OPS-7). */
export type OperatorDoor = {
  readonly letters: Letters;
  readonly events: EventPages;
  /** Has all that was said about an aggregate said again; answers how many events that are. */
  readonly sayAgain: (aggregateId: string, by: By) => Promise<number>;
  readonly actions: () => Promise<readonly RecordedAction[]>;
  readonly close: () => Promise<void>;
};

export type OperatedDatabase<Tx> = TransactionHost<Tx> &
  SqlRunner & { $disconnect(): Promise<void> };

/** Connections of one command: it reads a page while it writes. */
export const operatorConnectionsMax = 2;

export function operatorDoor<Tx extends SqlRunner>(db: OperatedDatabase<Tx>): OperatorDoor {
  const transact: Transact<Tx> = transactor<Tx>(db, { onCommit: () => {} });
  return {
    letters: openLetters(db, transact),
    events: openEventPages(db),
    sayAgain: (aggregateId, by) => transact((tx) => sayAgain(tx, aggregateId, by)),
    actions: async () => readActions(db),
    close: () => db.$disconnect(),
  };
}
