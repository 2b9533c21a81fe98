import { uuidOf } from '@simplebank/chassis/scalars';
import type { Context } from '../context.ts';
import { anyOrder, type OrderFilter } from '../domain/filter.ts';
import type { OrderFilter as FilterInput } from '../generated/graphql.ts';
import { assetIdOf } from '../queries/orders.ts';
import { assetNamed } from './asked.ts';

/**
 * What listed orders must have in common; null when it names an asset that nobody knows, of which
 * there are no orders. Throws BAD_INPUT that names the field.
 */
export async function filterOf(
  context: Context,
  input: FilterInput | null | undefined,
): Promise<OrderFilter | null> {
  if (!input) return anyOrder;
  const { statuses, openOnly, side, type, assetId, from, to, strategyOrderId } = input;
  const named = isGiven(assetId) ? assetNamed(assetId, 'filter.assetId') : null;
  const asset = named && (await assetIdOf(context, named));
  if (named && !asset) return null;
  return {
    statuses: statuses ?? null,
    openOnly: openOnly ?? false,
    side: side ?? null,
    type: type ?? null,
    assetId: asset,
    from: from ?? null,
    to: to ?? null,
    strategyOrderId: isGiven(strategyOrderId)
      ? uuidOf(strategyOrderId, 'filter.strategyOrderId')
      : null,
  };
}

/** Empty text is given, and refused: a filter that falls away would list what was not meant. */
const isGiven = (id: string | null | undefined): id is string => id !== null && id !== undefined;
