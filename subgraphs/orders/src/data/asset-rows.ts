import { Decimal } from '@simplebank/kernel/decimal';
import type { Asset } from '../domain/asset.ts';
import type { Ticks } from '../domain/ticks.ts';
import type { Prisma } from './client.ts';

export type AssetRow = Prisma.AssetGetPayload<null>;

export const toAsset = ({ ticks, ...row }: AssetRow): Asset => ({
  ...row,
  ticks: ticksOf(ticks),
});

/** JSON holds decimals as text; the column was written by `saveAssets` and by nobody else. */
export const ticksOf = (stored: Prisma.JsonValue): Ticks | null =>
  stored === null
    ? null
    : (stored as { from: string; step: string }[]).map(({ from, step }) => ({
        from: new Decimal(from),
        step: new Decimal(step),
      }));
