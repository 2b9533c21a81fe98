import {
  type SqlRunner,
  type Transact,
  type TransactionHost,
  transactor,
} from '../events/database.ts';
import { type By, type RecordedAction, readActions } from './actions.ts';
import { type CopyDoor, type CopyOptions, openCopies } from './copies.ts';
import { type EventPages, openEventPages } from './event-pages.ts';
import { type Letters, openLetters } from './letters.ts';
import { sayAgain } from './say-again.ts';

export { type By, type RecordedAction, recordActions } from './actions.ts';
export type { CopyDoor, CopyKind, CopyName, CopyOptions, PageTaker } from './copies.ts';
export type { EventPage, EventPages, FeedEvent } from './event-pages.ts';
export type { Letter, Letters, OpenedLetter } from './letters.ts';

/** What operators' commands may do in a context, through the context's own role (OPS-7). */
export type OperatorDoor = {
  readonly letters: Letters;
  readonly events: EventPages;
  readonly copies: CopyDoor;
  /** Has all that was said about an aggregate said again; answers how many events that are. */
  readonly sayAgain: (aggregateId: string, by: By) => Promise<number>;
  readonly actions: () => Promise<readonly RecordedAction[]>;
  readonly close: () => Promise<void>;
};

export type OperatedDatabase<Tx> = TransactionHost<Tx> &
  SqlRunner & { $disconnect(): Promise<void> };

/** Connections of one command: it reads a page while it writes. */
export const operatorConnectionsMax = 2;

export type OwnCopies<Tx extends SqlRunner> = Omit<CopyOptions<Tx>, 'transact'>;

export function operatorDoor<Tx extends SqlRunner>(
  db: OperatedDatabase<Tx>,
  copies: OwnCopies<Tx>,
): OperatorDoor {
  const transact: Transact<Tx> = transactor<Tx>(db, { onCommit: () => {} });
  return {
    letters: openLetters(db, transact),
    events: openEventPages(db),
    copies: openCopies({ ...copies, transact }),
    sayAgain: (aggregateId, by) => transact((tx) => sayAgain(tx, aggregateId, by)),
    actions: async () => readActions(db),
    close: () => db.$disconnect(),
  };
}
