import type { LockFirst } from '@simplebank/chassis/consumer';
import { CorporateActionEffectiveV1 } from '@simplebank/contracts/assets';
import { OrderCreatedV1, OrderFilledV1 } from '@simplebank/contracts/orders';
import { lockActionAssets } from '../actions/commands/lock-assets.ts';
import type { Tx } from '../deps.ts';

type OfAsset = { readonly assetId: string };

const booking: ReadonlySet<string> = new Set([OrderCreatedV1.name, OrderFilledV1.name]);

/**
 * The assets of a batch before any position of it: an action waits for bookings under way, and
 * bookings for an action that is being written down.
 */
export const lockFirst: LockFirst<Tx> = (tx, events) => {
  const assetsOf = (wanted: (type: string) => boolean) =>
    events.filter(({ type }) => wanted(type)).map(({ payload }) => (payload as OfAsset).assetId);
  return lockActionAssets(tx, {
    exclusive: assetsOf((type) => type === CorporateActionEffectiveV1.name),
    shared: assetsOf((type) => booking.has(type)),
  });
};
