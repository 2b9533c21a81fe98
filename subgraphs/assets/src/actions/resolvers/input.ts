import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { type Decimal, decimalsOf } from '@simplebank/kernel/decimal';
import type { Staff } from '../../commands/staff.ts';
import type { Context } from '../../context.ts';
import type { Asset } from '../../domain/asset.ts';
import { assetByIdOrSymbol } from '../../queries/assets.ts';
import { requireStaff } from '../../resolvers/staff.ts';
import type {
  AnnounceRefusal,
  CancelRefusal,
  CorporateAction,
  DividendRefusal,
  SplitRefusal,
} from '../domain/action.ts';

type Code =
  | AnnounceRefusal
  | CancelRefusal
  | DividendRefusal
  | SplitRefusal
  | 'IDEMPOTENCY_KEY_REUSED';

export const messages: Readonly<Record<Code, string>> = {
  ASSET_NOT_TRADABLE: 'The asset is delisted.',
  RATE_NOT_POSITIVE: 'A dividend pays more than nothing per share.',
  RATIO_INVALID: 'A ratio has two different numbers of shares, each from 1 to 1,000,000.',
  CALENDAR_UNKNOWN: 'The trading calendar knows 1998 to 2028.',
  EX_DATE_NOT_TRADING_DAY: 'The market is closed on the ex-date.',
  EX_DATE_IN_PAST: 'The ex-date has begun: it must be announced before the opening.',
  PAY_DATE_BEFORE_EX_DATE: 'A dividend is paid on its ex-date or later.',
  ALREADY_ANNOUNCED: 'One of its kind is announced for that ex-date already.',
  ACTION_STATE: 'Only what is announced, and has not begun, can be canceled.',
  IDEMPOTENCY_KEY_REUSED: 'The key has been used for another command.',
};

type Asked = {
  readonly reason: string;
  readonly idempotencyKey: string;
};

/** Who asks, and under which key. Throws what `requireStaff` throws, or BAD_INPUT. */
export const actorOf = (context: Context, asked: Asked): { staff: Staff; key: string } => ({
  staff: requireStaff(context, asked.reason),
  key: idempotencyKeyOf(asked.idempotencyKey),
});

/** Throws NOT_FOUND. */
export async function requireAsset(context: Context, assetId: string): Promise<Asset> {
  const asset = await assetByIdOrSymbol(context, assetId);
  if (asset) return asset;
  throw new PublicError('NOT_FOUND', 'There is no such asset.', { field: 'input.assetId' });
}

export async function reload({ loaders }: Context, id: string): Promise<CorporateAction> {
  const action = await loaders.actions.clear(id).load(id);
  if (!action) throw new Error(`corporate action ${id} is gone`);
  return action;
}

const rateDecimals = 12;
const rateMax = 1_000_000;

/** Throws BAD_INPUT for more digits than a rate is kept with. */
export function rateOf(rate: Decimal): Decimal {
  if (decimalsOf(rate) <= rateDecimals && rate.abs().lessThan(rateMax)) return rate;
  const message = `Expected at most ${rateDecimals} decimals, below ${rateMax}.`;
  throw new PublicError('BAD_INPUT', message, { field: 'input.rate' });
}
