import type { AssetUpdatedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import { recordAssets } from '../commands/record-copies.ts';
import type { Transaction } from '../deps.ts';

export const onAssetUpdated = (
  tx: Transaction,
  events: readonly Envelope<AssetUpdatedV1>[],
): Promise<void> =>
  recordAssets(
    tx,
    events.map(({ aggregateVersion, payload }) => ({
      id: payload.assetId,
      symbol: payload.symbol,
      name: payload.name,
      type: payload.type,
      currency: payload.currency,
      fractionable: payload.fractionable,
      state: payload.state,
      ticks:
        payload.ticks?.map(({ from, tick }) => ({
          from: new Decimal(from),
          step: new Decimal(tick),
        })) ?? null,
      version: aggregateVersion,
    })),
  );
