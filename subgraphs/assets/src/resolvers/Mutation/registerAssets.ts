import { PublicError } from '@simplebank/chassis/errors';
import { boundedText } from '@simplebank/chassis/scalars';
import { registerAssets as register, registerAssetsMax } from '../../commands/register-assets.ts';
import { type AssetDraft, isSymbol, type RegisterRefusal } from '../../domain/asset.ts';
import type { AssetInput, MutationResolvers } from '../../generated/graphql.ts';
import { requireStaff } from '../staff.ts';

const textCharsMax = 200;

const messages: Readonly<Record<RegisterRefusal, string>> = {
  DUPLICATE_SYMBOL: 'stands twice in the list.',
  CURRENCY_NOT_SUPPORTED: 'is in a currency that the bank does not keep.',
  ASSET_DELISTED: 'is delisted and keeps its data.',
  ASSET_DIFFERS: 'is known with another type or currency.',
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
  const registered = await register(context, input.assets.map(toDraft), staff);
  if (!registered.ok) {
    const { code, symbol } = registered.error;
    const message = `${symbol} ${messages[code]}`;
    return { __typename: 'RegisterAssetsRefusal', code, message };
  }
  const { assets, ...counts } = registered.value;
  return { __typename: 'RegisterAssetsSuccess', assets: [...assets], ...counts };
};

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
  };
}
