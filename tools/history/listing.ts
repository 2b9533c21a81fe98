import type { Viewer } from '@simplebank/chassis/auth';
import { assetsPerCall, type Company } from '../seed/companies.ts';
import type { Past } from './past.ts';
import { texts } from './texts.ts';

/** Asset ids by symbol; strategy ids by name. */
export type Named = Map<string, string>;

/** Lists companies as staff, a hundred at a time; the contexts hear of them at the next pump. */
export async function listCompanies(
  past: Past,
  staff: Viewer,
  companies: readonly Company[],
): Promise<Named> {
  const named: Named = new Map();
  for (let start = 0; start < companies.length; start += assetsPerCall) {
    const assets = companies.slice(start, start + assetsPerCall);
    const input = { assets, reason: 'demo bank' };
    const asked = { context: 'assets', viewer: staff, text: texts.registerAssets, input } as const;
    const made = await past.ask<{ assets: { id: string; symbol: string }[] }>(asked);
    for (const { id, symbol } of made.assets) named.set(symbol, id);
  }
  return named;
}

/** Percentages by symbol. */
export type StrategyWish = {
  readonly name: string;
  readonly assets: Readonly<Record<string, string>>;
};

export async function makeStrategies(
  past: Past,
  staff: Viewer,
  strategies: readonly StrategyWish[],
): Promise<Named> {
  const named: Named = new Map();
  for (const { name, assets } of strategies) {
    const rows = Object.entries(assets).map(([assetId, percentage]) => ({ assetId, percentage }));
    const input = { name, assets: rows, idempotencyKey: `demo-${name}` };
    const { strategy } = await past.ask<{ strategy: { id: string } }>({
      ...{ context: 'strategies', viewer: staff, text: texts.createStrategy, input },
    });
    named.set(name, strategy.id);
  }
  return named;
}
