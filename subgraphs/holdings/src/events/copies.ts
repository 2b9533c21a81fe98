import { type Handler, handler } from '@simplebank/chassis/consumer';
import { AccountOpenedV1, AccountStatusChangedV1 } from '@simplebank/contracts/accounts';
import { AssetUpdatedV1, QuotePublishedV1 } from '@simplebank/contracts/assets';
import type { Tx } from '../deps.ts';
import { onAccountChanged } from './on-account-changed.ts';
import { onAssetUpdated } from './on-asset-updated.ts';
import { onQuotePublished } from './on-quote-published.ts';

/**
 * What keeps copies of others and does nothing else: the highest version wins, nothing is
 * published, nobody is called. These may be applied again, whatever the inbox says (ADR 0025).
 */
export const copyHandlers: readonly Handler<Tx>[] = [
  handler(AccountOpenedV1, onAccountChanged),
  handler(AccountStatusChangedV1, onAccountChanged),
  handler(AssetUpdatedV1, onAssetUpdated),
  handler(QuotePublishedV1, onQuotePublished),
];
