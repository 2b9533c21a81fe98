import { handler } from '@simplebank/chassis/consumer';
import type { Envelope } from '@simplebank/contracts/event';
import { PositionChangedV1 } from '@simplebank/contracts/holdings';
import { notePositions } from '../accounts/index.ts';
import type { Tx } from '../data/client.ts';
import type { Deps } from '../deps.ts';

/** A copy of quantities: an account with a position cannot be closed for good. */
export const onPositionChanged = (deps: Pick<Deps, 'clock'>) =>
  handler<Tx, PositionChangedV1>(PositionChangedV1, (tx, events) =>
    notePositions(deps, tx, events.map(toCopy)),
  );

const toCopy = ({ payload, aggregateVersion: version }: Envelope<PositionChangedV1>) => ({
  accountId: payload.accountId,
  assetId: payload.assetId,
  quantity: payload.quantity,
  version,
});
