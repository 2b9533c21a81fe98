import { adjustingActions } from '../../actions/index.ts';
import type { Deps } from '../../deps.ts';
import { groupedBy } from '../../domain/grouped.ts';
import { candlesOfAssets, closesBefore, type Stretch } from '../data/candles.ts';
import { adjusted, dividendFactor, type Factor, splitFactor } from '../domain/adjustment.ts';
import type { Candle } from '../domain/candle.ts';
import { sessionOn } from '../domain/session.ts';

type Adjusted = 'RAW' | 'SPLIT' | 'ALL';
type Shape = Stretch & { readonly adjusted: Adjusted };
export type CandlesAsked = Shape & { readonly assetId: string };
type Asker = Pick<Deps, 'db' | 'hours'>;

/** In the order of what was asked; three statements for each shape, however many assets. */
export async function candlesInBulk(
  deps: Asker,
  asked: readonly CandlesAsked[],
): Promise<readonly (readonly Candle[])[]> {
  const shapes = groupedBy(asked, ({ assetId: _, ...shape }) => JSON.stringify(shape));
  const pages = await Promise.all([...shapes.values()].map((alike) => pagesOf(deps, alike)));
  const found = new Map(pages.flatMap((page) => [...page]));
  return asked.map((one) => found.get(one) ?? []);
}

async function pagesOf(
  deps: Asker,
  alike: readonly CandlesAsked[],
): Promise<ReadonlyMap<CandlesAsked, readonly Candle[]>> {
  const [shape] = alike;
  if (!shape) return new Map();
  const assetIds = alike.map(({ assetId }) => assetId);
  const [candles, factors] = await Promise.all([
    candlesOfAssets(deps.db, assetIds, shape),
    factorsOf(deps, assetIds, shape.adjusted),
  ]);
  const byAsset = groupedBy(candles, ({ assetId }) => assetId);
  return new Map(
    alike.map((one) => {
      const own = byAsset.get(one.assetId) ?? [];
      return [one, own.map((candle) => adjusted(candle, factors.get(one.assetId) ?? []))];
    }),
  );
}

type OwnFactor = Factor & { readonly assetId: string };

async function factorsOf(
  { db, hours }: Asker,
  assetIds: readonly string[],
  kind: Adjusted,
): Promise<ReadonlyMap<string, readonly Factor[]>> {
  if (kind === 'RAW') return new Map();
  const actions = await adjustingActions(db, assetIds);
  const begun = actions.flatMap(({ assetId, exDate, terms }) => {
    const before = sessionOn(hours, exDate)?.start;
    return before ? [{ assetId, before, terms }] : [];
  });
  const splits = begun.flatMap(({ terms, ...when }): OwnFactor[] =>
    terms.kind === 'SPLIT' ? [{ ...when, by: splitFactor(terms) }] : [],
  );
  const paid = kind === 'ALL' ? begun.filter(({ terms }) => terms.kind === 'DIVIDEND') : [];
  const closes = await closesBefore(db, paid);
  const dividends = paid.flatMap(({ terms, ...when }, index): OwnFactor[] => {
    const close = closes[index];
    if (!close || terms.kind !== 'DIVIDEND') return [];
    return [{ ...when, by: dividendFactor(terms.rate, close) }];
  });
  return groupedBy([...splits, ...dividends], ({ assetId }) => assetId);
}
