import { boundedText } from '@simplebank/chassis/scalars';
import { isUuid } from '@simplebank/kernel/ids';
import type { PreviewOrderInput } from '../generated/graphql.ts';

const symbolCharsMax = 32;

/** An asset is named by its UUID or by its symbol. Throws BAD_INPUT that names the field. */
export function assetNamed(idOrSymbol: string, field: string) {
  const name = boundedText(idOrSymbol, { field, max: 36 });
  const id = name.toLowerCase();
  if (isUuid(id)) return { id };
  return { symbol: boundedText(name, { field, max: symbolCharsMax }).toUpperCase() };
}

/** What an order is asked to be; the schema fills in the time in force, the types do not know. */
export const askedOf = (input: PreviewOrderInput) => ({
  side: input.side,
  type: input.type,
  timeInForce: input.timeInForce ?? 'DAY',
  quantity: input.quantity ?? null,
  amount: input.amount ?? null,
  limitPrice: input.limitPrice ?? null,
  stopPrice: input.stopPrice ?? null,
});
