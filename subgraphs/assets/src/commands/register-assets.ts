import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { lockAssetsBySymbol, lockRegistry } from '../data/assets.ts';
import type { Deps } from '../deps.ts';
import {
  type Asset,
  type AssetDraft,
  type RegisterRefusal,
  register,
  update,
} from '../domain/asset.ts';
import { type KeyReused, once } from './once.ts';
import { type AssetChange, saveAssets } from './save-assets.ts';
import type { Staff } from './staff.ts';

export const registerAssetsMax = 100;

export type Registration = {
  readonly drafts: readonly AssetDraft[];
  readonly idempotencyKey: string | null;
};
export type Registered = {
  /** In the order of the drafts. */
  readonly assetIds: readonly string[];
  readonly registered: number;
  readonly updated: number;
  readonly unchanged: number;
};
type RegisterRefused = { readonly code: RegisterRefusal; readonly symbol: string };

/** All or nothing. Idempotent by symbol: a repeat changes and writes nothing. */
export async function registerAssets(
  deps: Deps,
  { drafts, idempotencyKey: key }: Registration,
  staff: Staff,
): Promise<Result<Registered, RegisterRefused | KeyReused>> {
  const command = 'registerAssets';
  const input = { drafts, reason: staff.reason };
  const ask = { owner: staff.actorId, key, command, input, movesMoney: false };
  return once(deps, ask, async (tx): Promise<Result<Registered, RegisterRefused>> => {
    const twice = drafts.find(({ symbol }, index) =>
      drafts.slice(0, index).some((earlier) => earlier.symbol === symbol),
    );
    if (twice) return refuse({ code: 'DUPLICATE_SYMBOL', symbol: twice.symbol });
    await lockRegistry(tx);
    const symbols = drafts.map(({ symbol }) => symbol);
    const decided = decide(drafts, await lockAssetsBySymbol(tx, symbols));
    if (!decided.ok) return decided;
    const changes = decided.value.filter(({ before, after }) => before !== after);
    await saveAssets(tx, deps, { changes, command, staff });
    return ok(outcome(decided.value));
  });
}

function decide(
  drafts: readonly AssetDraft[],
  known: ReadonlyMap<string, Asset>,
): Result<AssetChange[], RegisterRefused> {
  const changes: AssetChange[] = [];
  for (const draft of drafts) {
    const before = known.get(draft.symbol) ?? null;
    const after = before ? update(before, draft) : register(draft);
    if (!after.ok) return refuse({ code: after.error, symbol: draft.symbol });
    changes.push({ before, after: after.value });
  }
  return ok(changes);
}

function outcome(changes: readonly AssetChange[]): Registered {
  const registered = changes.filter(({ before }) => before === null).length;
  const unchanged = changes.filter(({ before, after }) => before === after).length;
  return {
    assetIds: changes.map(({ after }) => after.id),
    registered,
    unchanged,
    updated: changes.length - registered - unchanged,
  };
}
