import type { Cause } from '@simplebank/contracts/event';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { Deps, Transaction } from '../deps.ts';
import type { Side } from '../domain/order.ts';
import { partOfRebalance } from '../domain/strategy-part.ts';
import { derivedId, partHash } from './derived-id.ts';
import { placeParts } from './place-parts.ts';

type RebalancePart = {
  readonly assetId: string;
  readonly side: Side;
  /** Of a sale; a purchase has an amount instead. */
  readonly quantity: Decimal | null;
  readonly amount: Decimal | null;
};
export type Rebalance = {
  readonly runId: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly parts: readonly RebalancePart[];
  readonly cause: Cause;
};

/**
 * Makes one sale by quantity or one buy by amount of each part; ids and keys derive from (run,
 * side, asset), so a replay makes no other. False when it cannot be decided yet.
 */
export function placeRebalance(
  tx: Transaction,
  deps: Deps,
  { runId, parts, ...asked }: Rebalance,
): Promise<boolean> {
  const { customerId } = asked;
  return placeParts(tx, deps, {
    ...asked,
    command: 'placeRebalanceOrder',
    parts: parts.map((part) => {
      const { side, assetId, quantity, amount } = part;
      const id = derivedId(runId, side, assetId);
      const requestHash = partHash(assetId, `${side} ${(quantity ?? amount)?.toFixed()}`);
      return partOfRebalance({ ...part, runId, customerId }, { id, requestHash });
    }),
  });
}
