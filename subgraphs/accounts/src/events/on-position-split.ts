import { handler } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { PositionSplitV1 } from '@simplebank/contracts/holdings';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';
import { tellSplits } from '../dividends/index.ts';

/** A split has changed a position: its customer reads it in the feed. */
export const onPositionSplit = (deps: Deps) =>
  handler<Tx, PositionSplitV1>(PositionSplitV1, (tx, events) =>
    tellSplits(deps, tx, events.map(toNews)),
  );

const toNews = ({ payload, aggregateVersion: version }: Envelope<PositionSplitV1>) => ({
  actionId: payload.actionId,
  accountId: payload.accountId,
  symbol: payload.symbol,
  version,
  change: new Decimal(payload.quantityAfter).minus(payload.quantityBefore),
});
