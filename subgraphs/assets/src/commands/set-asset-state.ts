import type { AssetId } from '@simplebank/kernel/ids';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { lockAsset } from '../data/assets.ts';
import type { Deps } from '../deps.ts';
import { type AssetState, changeState, type StateRefusal } from '../domain/asset.ts';
import { type KeyReused, once } from './once.ts';
import { saveAssets } from './save-assets.ts';
import type { Staff } from './staff.ts';

export type StateOrder = {
  readonly assetId: AssetId;
  readonly state: AssetState;
  readonly idempotencyKey: string | null;
};
type StateRefused = { readonly code: StateRefusal; readonly from: AssetState };

/** The asset must be known. A state that is there already changes and writes nothing. */
export async function setAssetState(
  deps: Deps,
  { assetId, state, idempotencyKey: key }: StateOrder,
  staff: Staff,
): Promise<Result<string, StateRefused | KeyReused>> {
  const command = 'setAssetState';
  const input = { assetId, state, reason: staff.reason };
  const ask = { owner: staff.actorId, key, command, input, movesMoney: false };
  return once(deps, ask, async (tx): Promise<Result<string, StateRefused>> => {
    const before = await lockAsset(tx, assetId);
    if (!before) throw new Error(`asset ${assetId} is gone`);
    const changed = changeState(before, state);
    if (!changed.ok) return refuse({ code: changed.error, from: before.state });
    const after = changed.value;
    if (after !== before)
      await saveAssets(tx, deps, { changes: [{ before, after }], command, staff });
    return ok(assetId);
  });
}
