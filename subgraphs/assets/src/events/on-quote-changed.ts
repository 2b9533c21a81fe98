import { causedBy, type Envelope } from '@simplebank/contracts/event';
import type { QuoteChangedV1 } from '@simplebank/contracts/market';
import { Decimal } from '@simplebank/kernel/decimal';
import type { AssetId } from '@simplebank/kernel/ids';
import { takeQuotes } from '../commands/take-quotes.ts';
import type { Deps, Tx } from '../deps.ts';

export const onQuoteChanged =
  (deps: Deps) =>
  (tx: Tx, events: readonly Envelope<QuoteChangedV1>[]): Promise<void> =>
    takeQuotes(
      tx,
      deps,
      events.map((event) => ({
        quotes: event.payload.quotes.map(({ assetId, bid, ask, last, sequence, at, ...sizes }) => ({
          assetId: assetId as AssetId,
          bid: new Decimal(bid),
          ask: new Decimal(ask),
          last: new Decimal(last),
          bidSize: sizeOf(sizes.bidSize),
          askSize: sizeOf(sizes.askSize),
          sequence,
          at: new Date(at),
        })),
        eventId: event.eventId,
        cause: causedBy(event),
      })),
    );

const sizeOf = (text: string | null | undefined): Decimal | null =>
  text === null || text === undefined ? null : new Decimal(text);
