import type { AssetId } from '@simplebank/kernel/ids';
import type { Split } from '../src/actions/domain/action.ts';

export const aSplit = (exDate: string, numerator: number, denominator: number): Split => ({
  ...{ kind: 'SPLIT', id: `split ${exDate}`, assetId: 'asset' as AssetId, symbol: 'ABC' },
  ...{ exDate, numerator, denominator, toldBy: { correlationId: 'c', eventId: 'e' } },
});
