import { requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import type { GivenSlice } from '../commands/create-strategy.ts';
import type { Staff } from '../commands/keyed-command.ts';
import type { Context } from '../context.ts';
import { type Strategy, type StrategyRefusalCode, slicesMax } from '../domain/strategy.ts';
import type { StrategyAssetInput } from '../generated/graphql.ts';
import { strategyBy } from '../queries/strategies.ts';
import { assetKey, idOrNumber, notFound } from './input.ts';

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer is of operations. */
export function requireStaff({ viewer, cause }: Context, key: string | null | undefined): Staff {
  const { customerId: staffId } = requireRole(viewer, 'operations');
  const idempotencyKey = key === null || key === undefined ? null : idempotencyKeyOf(key);
  return { staffId, idempotencyKey, cause };
}

/** Throws BAD_INPUT that names the row. */
export function givenSlices(assets: readonly StrategyAssetInput[]): readonly GivenSlice[] {
  if (assets.length < 1 || assets.length > slicesMax) {
    const message = `Expected 1 to ${slicesMax} assets.`;
    throw new PublicError('BAD_INPUT', message, { field: 'input.assets' });
  }
  return assets.map(({ assetId, percentage }, row) => ({
    assetKey: assetKey(assetId, `input.assets.${row}.assetId`),
    percentage,
  }));
}

/** Throws NOT_FOUND for an unknown strategy and BAD_INPUT for what is no id. */
export async function requireStrategy(context: Context, id: string): Promise<Strategy> {
  const field = 'input.strategyId';
  const strategy = await strategyBy(context, idOrNumber(id, field));
  if (!strategy) throw notFound('strategy', field);
  return strategy;
}

const messages: Readonly<Record<StrategyRefusalCode, string>> = {
  NAME_TAKEN: 'Another strategy has this name.',
  PERCENTAGES_NOT_100: 'The percentages do not sum to 100.00.',
  PERCENTAGE_PRECISION: 'A percentage has more than two decimals.',
  PERCENTAGE_NOT_POSITIVE: 'A percentage is not above 0.',
  DUPLICATE_ASSET: 'An asset is named twice.',
  ASSET_NOT_TRADABLE: 'An asset is unknown or cannot be bought.',
  NOT_ACTIVE: 'The strategy is archived.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const refusalOf = (code: StrategyRefusalCode) => ({ code, message: messages[code] });
