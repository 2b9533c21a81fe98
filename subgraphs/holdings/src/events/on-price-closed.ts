import type { PriceClosedV1 } from '@simplebank/contracts/assets';
import type { Envelope } from '@simplebank/contracts/event';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../deps.ts';
import { keepCloses } from '../performance/index.ts';

export const onPriceClosed = (tx: Tx, events: readonly Envelope<PriceClosedV1>[]): Promise<void> =>
  keepCloses(
    tx,
    events.flatMap(({ payload: { date, closes }, aggregateVersion }) =>
      closes.map(({ assetId, close }) => ({
        ...{ assetId, day: date, close: new Decimal(close), version: aggregateVersion },
      })),
    ),
  );
