import type { Decimal } from '@simplebank/kernel/decimal';

/** One target of a version; `assetId` null is the cash slice, which stays on the account. */
export type Slice = { readonly assetId: string | null; readonly percentage: Decimal };

/** How the cash slice is named where an asset would be. */
export const cash = 'CASH';
