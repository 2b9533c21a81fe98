import { requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { boundedText } from '@simplebank/chassis/scalars';
import { storyOf } from '../../commands/story.ts';
import type { Context } from '../../context.ts';
import type { StrategyAssetInput } from '../../generated/graphql.ts';
import { assetKey, optionalKeyOf } from '../../resolvers/input.ts';
import type { StaffAct } from '../commands/change-strategy.ts';
import type { GivenSlice } from '../commands/create-strategy.ts';
import { type Strategy, type StrategyRefusalCode, slicesMax } from '../domain/strategy.ts';

const reasonCharsMax = 500;

type Asked = {
  readonly reason?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
};

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer is of operations; BAD_INPUT. */
export function requireStaff(context: Context, { reason, idempotencyKey }: Asked): StaffAct {
  requireRole(context.viewer, 'operations');
  return {
    reason: reason ? boundedText(reason, { field: 'input.reason', max: reasonCharsMax }) : null,
    idempotencyKey: optionalKeyOf(idempotencyKey),
    story: storyOf(context),
  };
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

/** The strategy as it is after a command. */
export async function reload({ loaders }: Context, id: string): Promise<Strategy> {
  const strategy = await loaders.strategies.clear(id).load(id);
  if (strategy) return strategy;
  throw new Error(`strategy ${id} is not there after its change`);
}

const messages: Readonly<Record<StrategyRefusalCode, string>> = {
  NAME_TAKEN: 'Another strategy has this name.',
  PERCENTAGES_NOT_100: 'The percentages do not sum to 100.00.',
  PERCENTAGE_PRECISION: 'A percentage has more than two decimals.',
  PERCENTAGE_NOT_POSITIVE: 'A percentage is not above 0.',
  DUPLICATE_ASSET: 'An asset is named twice.',
  ASSET_NOT_TRADABLE: 'An asset is unknown, halted or cannot be bought.',
  NOT_ACTIVE: 'The strategy is archived.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const refusalOf = (code: StrategyRefusalCode) => ({ code, message: messages[code] });
