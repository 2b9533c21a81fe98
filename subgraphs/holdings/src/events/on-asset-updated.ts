import type { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import type { AssetId } from '@simplebank/kernel/ids';
import { keepAssets } from '../commands/keep-copies.ts';
import type { Tx } from '../deps.ts';

export const onAssetUpdated = (
  tx: Tx,
  events: readonly Envelope<AssetUpdatedV1>[],
): Promise<void> =>
  keepAssets(
    tx,
    events.map(({ payload, aggregateVersion, occurredAt }) => ({
      id: payload.assetId as AssetId,
      symbol: payload.symbol,
      name: payload.name,
      type: payload.type,
      sector: payload.sector,
      version: aggregateVersion,
      asOf: new Date(occurredAt),
    })),
  );
