import type { Envelope } from '@simplebank/contracts/event';
import type { PositionChangedV1 } from '@simplebank/contracts/holdings';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../data/client.ts';
import { keepPositions } from '../rebalancing/index.ts';

export const onPositionChanged = (
  tx: Tx,
  events: readonly Envelope<PositionChangedV1>[],
): Promise<void> =>
  keepPositions(
    tx,
    events.map(({ aggregateVersion: version, payload }) => ({
      accountId: payload.accountId,
      assetId: payload.assetId,
      quantity: new Decimal(payload.quantity),
      reserved: new Decimal(payload.reserved),
      version,
    })),
  );
