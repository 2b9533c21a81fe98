import { type Handler, handler } from '@simplebank/chassis/consumer';
import { QuoteChangedV1 } from '@simplebank/contracts/market';
import type { Deps, Tx } from '../deps.ts';
import { onQuoteChanged } from './on-quote-changed.ts';

/** What assets does about each event that its queue carries. */
export const handlers = (deps: Deps): readonly Handler<Tx>[] => [
  handler(QuoteChangedV1, onQuoteChanged(deps)),
];
