import type { Envelope } from '@simplebank/contracts/event';
import type {
  StrategyCreatedV1,
  StrategyElectedV1,
  StrategyVersionPublishedV1,
} from '@simplebank/contracts/strategies';
import type { Tx } from '../deps.ts';
import { keepElections, keepStrategies } from '../performance/index.ts';

/** Either carries a whole version. */
export const onStrategyChanged = (
  tx: Tx,
  events: readonly Envelope<StrategyCreatedV1 | StrategyVersionPublishedV1>[],
): Promise<void> =>
  keepStrategies(
    tx,
    events.map(({ payload: { strategyId, number, name, version, slices } }) => ({
      ...{ id: strategyId, number, name, version, slices },
    })),
  );

export const onStrategyElected = (
  tx: Tx,
  events: readonly Envelope<StrategyElectedV1>[],
): Promise<void> =>
  keepElections(
    tx,
    events.map(({ payload: { accountId, strategyId }, aggregateVersion }) => ({
      ...{ accountId, strategyId, version: aggregateVersion },
    })),
  );
