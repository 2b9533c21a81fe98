import { CalendarUnknown, marketDateOf, sessionOf } from '@simplebank/kernel/calendar';
import type { Decimal } from '@simplebank/kernel/decimal';
import type { MarketHours } from '@simplebank/kernel/market-hours';
import { ok, type Result, refuse } from '@simplebank/kernel/result';
import type { Asset } from '../../domain/asset.ts';

export type ActionKind = 'DIVIDEND' | 'SPLIT';
export type ActionState = 'ANNOUNCED' | 'EFFECTIVE' | 'COMPLETED' | 'CANCELED';

/** `rate`: per share, in the asset's currency. */
export type DividendTerms = {
  readonly kind: 'DIVIDEND';
  readonly rate: Decimal;
  readonly currency: string;
  readonly payDate: string;
};
/** `numerator` new shares for `denominator` old ones. */
export type SplitTerms = {
  readonly kind: 'SPLIT';
  readonly numerator: number;
  readonly denominator: number;
};
export type Terms = DividendTerms | SplitTerms;

/** Dates are local dates of the market. */
export type CorporateAction = {
  readonly id: string;
  readonly assetId: string;
  readonly exDate: string;
  readonly terms: Terms;
  readonly state: ActionState;
  /** Counts the changes. */
  readonly version: number;
  readonly announcedAt: Date;
};

export type DividendRefusal = 'RATE_NOT_POSITIVE' | 'PAY_DATE_BEFORE_EX_DATE';
export type SplitRefusal = 'RATIO_INVALID';
export type AnnounceRefusal =
  | 'ASSET_NOT_TRADABLE'
  | 'CALENDAR_UNKNOWN'
  | 'EX_DATE_NOT_TRADING_DAY'
  | 'EX_DATE_IN_PAST'
  | 'ALREADY_ANNOUNCED';
export type CancelRefusal = 'ACTION_STATE';

/** Which state may follow which (domain §4.4); the database keeps the same table as a trigger. */
const ways: Readonly<Record<ActionState, readonly ActionState[]>> = {
  ANNOUNCED: ['EFFECTIVE', 'CANCELED'],
  EFFECTIVE: ['COMPLETED'],
  COMPLETED: [],
  CANCELED: [],
};

const sharesMax = 1_000_000;

export type Announcement<E> = {
  readonly id: string;
  readonly asset: Asset;
  readonly exDate: string;
  readonly terms: Result<Terms, E>;
  readonly at: Moment;
};

/** An instant, and the hours in which the bank trades. */
export type Moment = { readonly now: Date; readonly hours: MarketHours };

/** A first announcement, before trading of its ex-date begins. */
export function announce<E>(given: Announcement<E>): Result<CorporateAction, E | AnnounceRefusal> {
  const { id, asset, exDate, terms, at } = given;
  if (asset.state === 'DELISTED') return refuse('ASSET_NOT_TRADABLE');
  if (!terms.ok) return terms;
  const refusal = refusalOfExDate(exDate, at);
  if (refusal) return refuse(refusal);
  const announced = { exDate, terms: terms.value, announcedAt: at.now };
  return ok({ id, assetId: asset.id, ...announced, state: 'ANNOUNCED', version: 1 });
}

export function dividendTerms(
  terms: Omit<DividendTerms, 'kind'>,
  exDate: string,
): Result<DividendTerms, DividendRefusal> {
  if (!terms.rate.greaterThan(0)) return refuse('RATE_NOT_POSITIVE');
  return terms.payDate < exDate
    ? refuse('PAY_DATE_BEFORE_EX_DATE')
    : ok({ kind: 'DIVIDEND', ...terms });
}

/** Both from 1 to 1,000,000; two equal numbers split nothing. */
export function splitTerms(terms: Omit<SplitTerms, 'kind'>): Result<SplitTerms, SplitRefusal> {
  const { numerator, denominator } = terms;
  const areShares = [numerator, denominator].every((shares) => shares >= 1 && shares <= sharesMax);
  return areShares && numerator !== denominator
    ? ok({ kind: 'SPLIT', numerator, denominator })
    : refuse('RATIO_INVALID');
}

/** Around the clock an ex-date is traded from the close before it on, by its trade date. */
function refusalOfExDate(exDate: string, { now, hours }: Moment): AnnounceRefusal | null {
  try {
    const session = sessionOf(exDate);
    if (!session) return 'EX_DATE_NOT_TRADING_DAY';
    const opening = hours.calendar === 'nyse' ? session.open : hours.shareDateBegins(exDate);
    return opening <= now ? 'EX_DATE_IN_PAST' : null;
  } catch (error) {
    if (error instanceof CalendarUnknown) return 'CALENDAR_UNKNOWN';
    throw error;
  }
}

const moved = (action: CorporateAction, state: ActionState): CorporateAction => {
  if (!ways[action.state].includes(state)) {
    throw new Error(`corporate action ${action.id}: no way from ${action.state} to ${state}`);
  }
  return { ...action, state, version: action.version + 1 };
};

export const cancel = (action: CorporateAction): Result<CorporateAction, CancelRefusal> =>
  ways[action.state].includes('CANCELED') ? ok(moved(action, 'CANCELED')) : refuse('ACTION_STATE');

/**
 * The next state that the calendar asks for, null when there is none yet: EFFECTIVE with the first
 * instant at which shares are those of the ex-date; a split is then COMPLETED, a dividend after its
 * pay date.
 */
export function advance(action: CorporateAction, { now, hours }: Moment): CorporateAction | null {
  const today = marketDateOf(now);
  const { state, exDate, terms } = action;
  if (state === 'ANNOUNCED')
    return exDate <= hours.shareDateOf(now) ? moved(action, 'EFFECTIVE') : null;
  if (state !== 'EFFECTIVE') return null;
  const isOver = terms.kind === 'SPLIT' || terms.payDate < today;
  return isOver ? moved(action, 'COMPLETED') : null;
}
