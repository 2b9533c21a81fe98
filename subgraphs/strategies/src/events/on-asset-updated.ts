import type { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { updateAssets } from '../commands/update-copies.ts';
import type { Tx } from '../data/client.ts';

export const onAssetUpdated = (
  tx: Tx,
  events: readonly Envelope<AssetUpdatedV1>[],
): Promise<void> =>
  updateAssets(
    tx,
    events.map(({ aggregateVersion: version, payload }) => {
      const { assetId: id, symbol, name, type, currency, fractionable, state } = payload;
      return { id, symbol, name, type, currency, fractionable, state, version };
    }),
  );
