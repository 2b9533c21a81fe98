import type { Cause } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Deps, Transaction } from '../deps.ts';
import { partOfStrategyOrder } from '../domain/strategy-part.ts';
import { derivedId, partHash } from './derived-id.ts';
import { placeParts } from './place-parts.ts';

export type StrategyOrder = {
  readonly strategyOrderId: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly parts: readonly { readonly assetId: string; readonly amount: Decimal }[];
  readonly cause: Cause;
};

/** Makes one buy by amount of each part. False when it cannot be decided yet. */
export function placeStrategyOrder(
  tx: Transaction,
  deps: Deps,
  { strategyOrderId, parts, ...asked }: StrategyOrder,
): Promise<boolean> {
  const { customerId } = asked;
  return placeParts(tx, deps, {
    ...asked,
    command: 'placeStrategyOrder',
    parts: parts.map(({ assetId, amount }) => {
      const id = derivedId(strategyOrderId, assetId);
      const requestHash = partHash(assetId, amount.toFixed());
      const part = { strategyOrderId, customerId, assetId, amount };
      return partOfStrategyOrder(part, { id, requestHash });
    }),
  });
}
