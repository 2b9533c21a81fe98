import { PublicError } from '@simplebank/chassis/errors';
import { boundedText } from '@simplebank/chassis/scalars';
import { registerAssets as register, registerAssetsMax } from '../../commands/register-assets.ts';
import { type Asset, type AssetDraft, isSymbol, type RegisterRefusal } from '../../domain/asset.ts';
import { ticksMax } from '../../domain/ticks.ts';
import type { AssetInput, MutationResolvers } from '../../generated/graphql.ts';
import { keyReused, optionalKeyOf, requireStaff } from '../staff.ts';

const textCharsMax = 200;

const messages: Readonly<Record<RegisterRefusal, string>> = {
  DUPLICATE_SYMBOL: 'stands twice in the list.',
  CURRENCY_NOT_SUPPORTED: 'is in a currency that the bank does not keep.',
  ASSET_DELISTED: 'is delisted and keeps its data.',
  ASSET_DIFFERS: 'is known with another type or currency.',
  TICKS_INVALID: 'has ticks that do not begin at 0, do not rise or do not fit one another.',
};

export const registerAssets: NonNullable<MutationResolvers['registerAssets']> = async (
  _,
  { input },
  context,
) => {
  const staff = requireStaff(context, input.reason);
  const count = input.assets.length;
  if (count < 1 || count > registerAssetsMax) {
    const message = `Expected 1 to ${registerAssetsMax} assets.`;
    throw new PublicError('BAD_INPUT', message, { field: 'input.assets' });
  }
  const idempotencyKey = optionalKeyOf(input.idempotencyKey);
  const registration = { drafts: input.assets.map(toDraft), idempotencyKey };
  const registered = await register(context, registration, staff);
  if (!registered.ok) {
    const { error } = registered;
    const message = 'symbol' in error ? `${error.symbol} ${messages[error.code]}` : keyReused;
    return { __typename: 'RegisterAssetsRefusal', code: error.code, message };
  }
  const { assetIds, ...counts } = registered.value;
  const assets = await context.loaders.assets.loadMany(assetIds);
  return { __typename: 'RegisterAssetsSuccess', assets: assets.map(presentOf), ...counts };
};

function presentOf(asset: Asset | Error | null): Asset {
  if (asset === null) throw new Error('a registered asset is gone');
  if (asset instanceof Error) throw asset;
  return asset;
}

function toDraft(input: AssetInput, index: number): AssetDraft {
  const { type = 'STOCK', currency = 'USD', fractionable = true } = input;
  const field = (name: string) => `input.assets.${index}.${name}`;
  const text = (name: 'sector' | 'subIndustry') => {
    const value = input[name];
    return value ? boundedText(value, { field: field(name), max: textCharsMax }) : null;
  };
  if (!isSymbol(input.symbol)) {
    const message = 'Expected 1 to 12 capital letters, digits, points or hyphens.';
    throw new PublicError('BAD_INPUT', message, { field: field('symbol') });
  }
  return {
    symbol: input.symbol,
    name: boundedText(input.name, { field: field('name'), max: textCharsMax }),
    type,
    sector: text('sector'),
    subIndustry: text('subIndustry'),
    currency,
    fractionable,
    ticks: ticksOf(input.ticks, field('ticks')),
  };
}

function ticksOf(ticks: AssetInput['ticks'], field: string): AssetDraft['ticks'] {
  if (!ticks) return null;
  if (ticks.length <= ticksMax) return ticks;
  throw new PublicError('BAD_INPUT', `Expected at most ${ticksMax} rungs.`, { field });
}
