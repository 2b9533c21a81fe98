import { Decimal } from '@simplebank/kernel/decimal';
import { isCurrency } from '@simplebank/kernel/money';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { ItemSide, ItemSkipReason, ItemStatus, RunItem } from '../domain/item.ts';
import type { RebalanceMode, Run, RunReason } from '../domain/run.ts';
import type { RunStatus } from '../domain/transitions.ts';

export const withItems = { items: { orderBy: { position: 'asc' } } } as const;
export type RunRow = Prisma.RebalanceRunGetPayload<{ include: typeof withItems }>;

const decimal = (value: Prisma.Decimal): Decimal => new Decimal(value.toFixed());
const decimalOrNull = (value: Prisma.Decimal | null): Decimal | null => value && decimal(value);

/** The casts are the point where a row enters; CHECK constraints hold the same lists. */
export function toRun({ items, changedBy: _, ...row }: RunRow): Run {
  const { id, currency } = row;
  if (!isCurrency(currency)) throw new Error(`rebalancing ${id} has the currency ${currency}`);
  return {
    ...row,
    currency,
    mode: row.mode as RebalanceMode,
    amount: decimalOrNull(row.amount),
    status: row.status as RunStatus,
    reason: row.reason as RunReason | null,
    proceeds: decimalOrNull(row.proceeds),
    items: items.map(toItem),
  };
}

const toItem = ({ runId: _, position: __, ...row }: RunRow['items'][number]): RunItem => ({
  ...row,
  side: row.side as ItemSide,
  percentage: decimal(row.percentage),
  value: decimal(row.value),
  price: decimalOrNull(row.price),
  wanted: decimal(row.wanted),
  amount: decimalOrNull(row.amount),
  quantity: decimalOrNull(row.quantity),
  status: row.status as ItemStatus,
  skipReason: row.skipReason as ItemSkipReason | null,
  filledQuantity: decimal(row.filledQuantity),
  filledValue: decimal(row.filledValue),
  fees: decimal(row.fees),
});
