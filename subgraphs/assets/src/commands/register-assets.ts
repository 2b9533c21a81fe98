import { publish } from '@simplebank/chassis/outbox';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { lockAssetsBySymbol, lockRegistry, saveAssets } from '../data/assets.ts';
import { insertAudit } from '../data/audit.ts';
import type { Deps } from '../deps.ts';
import {
  type Asset,
  type AssetDraft,
  type RegisterRefusal,
  register,
  update,
} from '../domain/asset.ts';
import { assetUpdated } from '../events/published.ts';
import { auditOf, type Change, type Staff } from './staff.ts';

export const registerAssetsMax = 100;

export type Registered = {
  readonly assets: readonly Asset[];
  readonly registered: number;
  readonly updated: number;
  readonly unchanged: number;
};
export type RegisterRefused = { readonly code: RegisterRefusal; readonly symbol: string };

/** All or nothing. Idempotent by symbol: a repeat changes and writes nothing, and says the same. */
export async function registerAssets(
  deps: Deps,
  drafts: readonly AssetDraft[],
  staff: Staff,
): Promise<Result<Registered, RegisterRefused>> {
  const twice = drafts.find(({ symbol }, index) =>
    drafts.slice(0, index).some((earlier) => earlier.symbol === symbol),
  );
  if (twice) return refuse({ code: 'DUPLICATE_SYMBOL', symbol: twice.symbol });

  return deps.transact(async (tx) => {
    await lockRegistry(tx);
    const known = await lockAssetsBySymbol(
      tx,
      drafts.map(({ symbol }) => symbol),
    );
    const decided = decide(drafts, known);
    if (!decided.ok) return decided;

    const changes = decided.value.filter(({ before, after }) => before !== after);
    await saveAssets(
      tx,
      changes.map(({ after }) => after),
      deps.clock.now(),
    );
    const command = 'registerAssets';
    await insertAudit(
      tx,
      changes.map((change) => auditOf(deps, { staff, command, change })),
    );
    await publish(
      tx,
      deps,
      changes.map(({ after }) => assetUpdated(after, staff.cause)),
    );
    return ok(outcome(decided.value));
  });
}

function decide(
  drafts: readonly AssetDraft[],
  known: ReadonlyMap<string, Asset>,
): Result<Change[], RegisterRefused> {
  const changes: Change[] = [];
  for (const draft of drafts) {
    const before = known.get(draft.symbol) ?? null;
    const after = before ? update(before, draft) : register(draft);
    if (!after.ok) return refuse({ code: after.error, symbol: draft.symbol });
    changes.push({ before, after: after.value });
  }
  return ok(changes);
}

function outcome(changes: readonly Change[]): Registered {
  const registered = changes.filter(({ before }) => before === null).length;
  const unchanged = changes.filter(({ before, after }) => before === after).length;
  return {
    assets: changes.map(({ after }) => after),
    registered,
    unchanged,
    updated: changes.length - registered - unchanged,
  };
}
