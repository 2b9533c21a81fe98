import { publish } from '@simplebank/chassis/outbox';
import type { AssetId } from '@simplebank/kernel/ids';
import type { Result } from '@simplebank/kernel/result';
import { lockAsset, saveAssets } from '../data/assets.ts';
import { insertAudit } from '../data/audit.ts';
import type { Deps } from '../deps.ts';
import { type Asset, type AssetState, changeState, type StateRefusal } from '../domain/asset.ts';
import { assetUpdated } from '../events/published.ts';
import { auditOf, type Staff } from './staff.ts';

export type StateOrder = { readonly assetId: AssetId; readonly state: AssetState };

/** Null when there is no such asset. A state that is there already changes and writes nothing. */
export async function setAssetState(
  deps: Deps,
  { assetId, state }: StateOrder,
  staff: Staff,
): Promise<Result<Asset, StateRefusal> | null> {
  return deps.transact(async (tx) => {
    const before = await lockAsset(tx, assetId);
    if (!before) return null;
    const changed = changeState(before, state);
    if (!changed.ok || changed.value === before) return changed;

    const change = { before, after: changed.value };
    await saveAssets(tx, [changed.value], deps.clock.now());
    await insertAudit(tx, [auditOf(deps, { staff, command: 'setAssetState', change })]);
    await publish(tx, deps, [assetUpdated(changed.value, staff.cause)]);
    return changed;
  });
}
