import type { Decimal } from '@simplebank/kernel/decimal';
import { type Action, dividendOf, isSplit } from './action.ts';
import { entitledTo, type History, type Replayed } from './replay.ts';

/** What an action did to one position: shares before and after, or what is due on which shares. */
export type Outcome = {
  readonly actionId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly quantity: Decimal;
  /** Of a split. */
  readonly quantityAfter: Decimal | null;
  /** Of a dividend; it may be zero, then it is recorded and nobody is told. */
  readonly amount: Decimal | null;
  readonly version: number;
};

export type Told = {
  readonly outcome: Outcome;
  readonly action: Action;
  /** What was recorded before. */
  readonly before: Outcome | null;
};
type Case = {
  readonly accountId: string;
  readonly actions: readonly Action[];
  readonly history: History;
  readonly replayed: Replayed;
  /** What was told before. */
  readonly known: readonly Outcome[];
};

/** What is new about actions: the first outcome, or another one with the next version. */
export function newOutcomes({ accountId, actions, history, replayed, known }: Case): Told[] {
  const earlier = new Map(known.map((outcome) => [outcome.actionId, outcome]));
  const splits = new Map(replayed.splits.map((done) => [done.split.id, done]));
  return actions.flatMap((action): Told[] => {
    const done = splits.get(action.id);
    const before = earlier.get(action.id);
    const version = (before?.version ?? 0) + 1;
    const about = { actionId: action.id, accountId, assetId: action.assetId, version };
    const outcome = isSplit(action)
      ? done && { ...about, quantity: done.before, quantityAfter: done.after, amount: null }
      : dividend(about, action, history);
    if (!outcome || (before && isSame(before, outcome))) return [];
    return [{ outcome, action, before: before ?? null }];
  });
}

type About = Pick<Outcome, 'actionId' | 'accountId' | 'assetId' | 'version'>;

function dividend(about: About, action: Parameters<typeof dividendOf>[1], history: History) {
  const quantity = entitledTo(action, history);
  return { ...about, quantity, quantityAfter: null, amount: dividendOf(quantity, action) };
}

const isSame = (a: Outcome, b: Outcome): boolean =>
  a.quantity.equals(b.quantity) &&
  (a.quantityAfter?.toFixed() ?? null) === (b.quantityAfter?.toFixed() ?? null) &&
  (a.amount?.toFixed() ?? null) === (b.amount?.toFixed() ?? null);

/** What came to nothing and had come to nothing is recorded only (domain §4.4). */
export const isWorthTelling = ({ outcome, before }: Told): boolean =>
  [outcome, before].some((one) => one !== null && !(one.amount ?? one.quantity).isZero());
