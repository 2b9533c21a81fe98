import { replaceOrders } from './commands/replace-orders.ts';
import { takeOrders } from './commands/take-orders.ts';
import { askToCancel, type Entry, entriesOf } from './data/book.ts';
import type { Deps } from './deps.ts';
import type { Instruction } from './domain/order.ts';
import { type SizedQuote, sizedQuoteAt } from './domain/prices.ts';
import type { Rebase, ReplaceAnswer } from './domain/rebase.ts';
import { type ReportPage, readReports } from './queries/reports.ts';

export type PlaceAnswer =
  | {
      readonly kind: 'ACKNOWLEDGED';
      readonly clientId: string;
      readonly venueOrderId: string;
      readonly at: Date;
    }
  | { readonly kind: 'REJECTED'; readonly clientId: string; readonly reason: string };
type CancelAnswer = { readonly clientId: string; readonly accepted: boolean };

/** What a participant may ask; each call may go wrong as the faults in force say. */
export type Desk = {
  readonly place: (orders: readonly Instruction[]) => Promise<readonly PlaceAnswer[]>;
  /** Answers for the ids that the venue knows, and for no other. */
  readonly find: (clientIds: readonly string[]) => Promise<readonly PlaceAnswer[]>;
  /** `accepted`: it is canceled before its next trade. */
  readonly cancel: (clientIds: readonly string[]) => Promise<readonly CancelAnswer[]>;
  /** `ENDED`: it had ended, or ends now because nothing lawful is left; once per action. */
  readonly replace: (rebases: readonly Rebase[]) => Promise<readonly ReplaceAnswer[]>;
  readonly reports: (after: string) => Promise<ReportPage>;
  readonly quotes: (symbols: readonly string[]) => Promise<ReadonlyMap<string, SizedQuote>>;
};

/** Answers from the book; `wake`: there may be something to trade. */
export const honestDesk = (deps: Deps, wake: () => void): Desk => ({
  async place(orders) {
    const entries = await takeOrders(deps, orders);
    wake();
    return entries.map(answerOf);
  },
  find: async (clientIds) => (await entriesOf(deps.db, clientIds)).map(answerOf),
  async cancel(clientIds) {
    const accepted = await askToCancel(deps.db, clientIds, deps.clock.now());
    wake();
    return clientIds.map((clientId) => ({ clientId, accepted: accepted.has(clientId) }));
  },
  async replace(rebases) {
    const answers = await replaceOrders(deps, rebases);
    wake();
    return answers;
  },
  reports: (after) => readReports(deps, after),
  async quotes(symbols) {
    const at = deps.clock.now();
    return new Map(symbols.map((symbol) => [symbol, sizedQuoteAt(deps.seed, symbol, at)]));
  },
});

const answerOf = ({ clientId, venueOrderId, rejectReason, acceptedAt }: Entry): PlaceAnswer =>
  rejectReason === null
    ? { kind: 'ACKNOWLEDGED', clientId, venueOrderId, at: acceptedAt }
    : { kind: 'REJECTED', clientId, reason: rejectReason };
