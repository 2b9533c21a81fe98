import type { StrategyOrderCompletedV1 } from '@simplebank/contracts/strategies';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

export const onStrategyOrderCompleted = (deps: Deps) =>
  tells<StrategyOrderCompletedV1>(deps, ({ accountId, status }) => ({
    kind: 'STRATEGY_ORDER_COMPLETED',
    accountId,
    facts: { status },
  }));
