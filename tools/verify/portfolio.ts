import { type Decimal, sum } from '@simplebank/kernel/decimal';
import { cash, type Slice } from '@simplebank/strategies/verify';
import { z } from 'zod';
import { digitsOf } from './currency-digits.ts';
import { amountText, caseOf, decimal, listOf, must, notNegative } from './formats.ts';

export const name = z.string(must('a name')).min(1, 'must not be empty');

const asCurrency = 'an ISO 4217 code such as "USD"';

export const currency = z.string(must(asCurrency)).transform((code, context) => {
  const digits = digitsOf(code);
  if (digits !== null) return { code, digits };
  context.issues.push({ code: 'custom', message: `must be ${asCurrency}`, input: code });
  return z.NEVER;
});

/** True when no asset is named twice. */
export const areUnique = (rows: readonly { readonly asset: string }[]): boolean =>
  new Set(rows.map(({ asset }) => asset)).size === rows.length;
export const twice = 'must not name an asset twice';

const percentageDecimals = 2;
const percentagesWhole = 100;

export const targets = listOf(caseOf({ asset: name, percentage: notNegative(percentageDecimals) }))
  .refine(areUnique, { error: twice, abort: true })
  .refine(
    (rows) => sum(rows.map(({ percentage }) => percentage)).equals(percentagesWhole),
    'must make 100.00 together',
  );

export const amounts = listOf(caseOf({ asset: name, amount: decimal })).refine(areUnique, twice);

type Target = { readonly asset: string; readonly percentage: Decimal };

export const sliceOf = ({ asset, percentage }: Target): Slice => ({
  assetId: asset === cash ? null : asset,
  percentage,
});

export type Row = { readonly asset: string; readonly amount: Decimal; readonly reason?: string };

/** Rows as text and by asset, since their order says nothing. */
export const rowsText = (rows: readonly Row[], digits: number) =>
  rows
    .toSorted((a, b) => (a.asset < b.asset ? -1 : 1))
    .map(({ asset, amount, reason }) => ({
      asset,
      amount: amountText(amount, digits),
      ...(reason === undefined ? {} : { reason }),
    }));
