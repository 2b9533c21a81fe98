import { type Handler, handler } from '@simplebank/chassis/consumer';
import { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Tx } from '../data/client.ts';
import { onAssetUpdated } from './on-asset-updated.ts';

/**
 * What keeps copies of others and does nothing else: the highest version wins, nothing is
 * published, nobody is called. These may be applied again, whatever the inbox says (ADR 0025).
 */
export const copyHandlers: readonly Handler<Tx>[] = [handler(AssetUpdatedV1, onAssetUpdated)];
