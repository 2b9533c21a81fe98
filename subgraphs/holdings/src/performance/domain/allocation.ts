import { allocate } from '@simplebank/kernel/allocate';
import { Decimal, zero } from '@simplebank/kernel/decimal';
import type { Currency } from '@simplebank/kernel/money';
import { grouped } from '../../domain/grouped.ts';
import { toMinor } from '../../domain/minor-units.ts';
import type { LivePosition, Portfolio } from './portfolio.ts';

export type AllocationBy = 'ASSET' | 'SECTOR' | 'TYPE';

/** One part of what an account has. */
export type AllocationPart = {
  readonly kind: 'CASH' | 'POSITIONS';
  /** The asset, when parts are assets. */
  readonly assetId: string | null;
  /** The symbol, the sector or the type; null where it is not known. */
  readonly label: string | null;
  /** Null when something in it has no price. */
  readonly value: Decimal | null;
  /** A fraction of 1. Null when something has no price, as then nobody knows the whole. */
  readonly share: Decimal | null;
};

const shareDecimals = 6;
const wholeShares = 10n ** BigInt(shareDecimals);

type Part = Omit<AllocationPart, 'share'> & { readonly key: string };

/**
 * What an account has by asset, sector or type, the largest first, with cash as a part of its own.
 * Shares have 6 decimals and sum to exactly 1, by largest remainder; what is owed has no share.
 */
export function allocationOf(portfolio: Portfolio, by: AllocationBy): AllocationPart[] {
  const cash: Part[] = portfolio.cash.isZero()
    ? []
    : [{ kind: 'CASH', key: '', assetId: null, label: null, value: portfolio.cash }];
  const parts = [...cash, ...partsOf(portfolio.positions, by)];
  const shares = sharesOf(parts, portfolio.currency);
  return parts
    .map(({ key: _, ...part }, index) => ({ ...part, share: shares?.[index] ?? null }))
    .sort((a, b) => (b.value ?? zero).comparedTo(a.value ?? zero));
}

const labels: Readonly<Record<AllocationBy, (position: LivePosition) => string | null>> = {
  ASSET: ({ symbol }) => symbol,
  SECTOR: ({ sector }) => sector,
  TYPE: ({ type }) => type,
};

function partsOf(positions: readonly LivePosition[], by: AllocationBy): Part[] {
  const keyOf = (position: LivePosition) =>
    by === 'ASSET' ? position.assetId : (labels[by](position) ?? '');
  return [...grouped(positions, keyOf)].map(([key, held]): Part => {
    const [first] = held;
    const label = first ? labels[by](first) : null;
    const assetId = by === 'ASSET' ? key : null;
    return { kind: 'POSITIONS', key: `held ${key}`, assetId, label, value: total(held) };
  });
}

function total(held: readonly LivePosition[]): Decimal | null {
  let value = zero;
  for (const position of held) {
    if (position.value === null) return null;
    value = value.plus(position.value);
  }
  return value;
}

/** Null when the whole is not known, or is nothing. */
function sharesOf(parts: readonly Part[], currency: Currency): Decimal[] | null {
  const weights = parts.map(({ key, value }) => ({ key, value: value && Decimal.max(value, 0) }));
  const known = weights.flatMap(({ key, value }) =>
    value ? [{ key, weight: toMinor(value, currency) }] : [],
  );
  if (known.length < parts.length || known.every(({ weight }) => weight === 0n)) return null;
  return allocate(wholeShares, known).map((part) =>
    new Decimal(part.toString()).div(wholeShares.toString()),
  );
}
