import {
  type SqlRunner,
  type Transact,
  type TransactionHost,
  transactor,
} from '../events/database.ts';
import { type RecordedAction, readActions } from './actions.ts';
import { type EventPages, openEventPages } from './event-pages.ts';
import { type Letters, openLetters } from './letters.ts';

export type { By, RecordedAction } from './actions.ts';
export type { EventPage, EventPages, FeedEvent } from './event-pages.ts';
export type { Letter, Letters, OpenedLetter } from './letters.ts';

/** What operators' commands may do in a context, through the context's own role (OPS-7). */
export type OperatorDoor = {
  readonly letters: Letters;
  readonly events: EventPages;
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
    actions: async () => readActions(db),
    close: () => db.$disconnect(),
  };
}
