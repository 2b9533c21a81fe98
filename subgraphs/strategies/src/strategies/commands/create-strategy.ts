import { publish } from '@simplebank/chassis/outbox';
import type { Decimal } from '@simplebank/kernel/decimal';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Tx } from '../../data/client.ts';
import { findAssetsByKey } from '../../data/copies.ts';
import type { Deps } from '../../deps.ts';
import { cash, type Slice } from '../../domain/slice.ts';
import { strategyCreated } from '../../events/published.ts';
import { insertStrategy } from '../data/strategies.ts';
import { checkSlices, type StrategyRefusalCode } from '../domain/strategy.ts';
import { changeStrategy, type StaffAct } from './change-strategy.ts';

/** A row as staff gave it: the asset by UUID or symbol, or CASH. */
export type GivenSlice = { readonly assetKey: string; readonly percentage: Decimal };
export type StrategyDraft = { readonly name: string; readonly assets: readonly GivenSlice[] };

/** Makes a strategy with its version 1 (domain §6.1). */
export function createStrategy(
  deps: Deps,
  draft: StrategyDraft,
  act: StaffAct,
): Promise<Result<string, StrategyRefusalCode>> {
  const command = { name: 'createStrategy', input: draft, strategyId: null, act };
  return changeStrategy(deps, command, async (tx, { id }) => {
    const slices = await readSlices(tx, draft.assets);
    if (!slices.ok) return slices;
    const createdAt = deps.clock.now();
    const facts = { id, name: draft.name, slices: slices.value, createdAt };
    const strategy = await insertStrategy(tx, { ...facts, createdById: act.story.by.actor });
    if (!strategy) return refuse('NAME_TAKEN');
    await publish(tx, deps, [strategyCreated(strategy, act.story.cause)]);
    return ok(strategy);
  });
}

/** The slices with their assets found, or the reason why they make no version. */
export async function readSlices(
  tx: Tx,
  given: readonly GivenSlice[],
): Promise<Result<readonly Slice[], StrategyRefusalCode>> {
  const assets = await findAssetsByKey(
    tx,
    given.map(({ assetKey }) => assetKey),
  );
  return checkSlices(
    given.map(({ assetKey, percentage }) => ({
      asset: assetKey === cash ? cash : (assets.get(assetKey) ?? null),
      percentage,
    })),
  );
}
