import type { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { updateInstruments } from '../commands/update-instruments.ts';
import type { Tx } from '../data/client.ts';

export const onAssetUpdated = (
  tx: Tx,
  events: readonly Envelope<AssetUpdatedV1>[],
): Promise<void> =>
  updateInstruments(
    tx,
    events.map(({ aggregateVersion: version, payload }) => {
      const { assetId, symbol, currency, state } = payload;
      return { assetId, symbol, currency, state, version };
    }),
  );
