import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { Decimal } from '@simplebank/kernel/decimal';

/** What to read again to see whether a difference is still there. */
export type Look = { readonly kind: 'order' | 'account' | 'asset'; readonly id: string };

/** Events of `from` about this aggregate explain a difference while `to` has not handled them. */
type Explanation = {
  readonly from: Subscriber;
  readonly to: Subscriber;
  readonly aggregateId: string;
};

/** Two books that do not say the same. */
export type Finding = {
  readonly law: string;
  /** The context whose book is not as another one says. */
  readonly context: Subscriber;
  readonly accountId: string | null;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  /** Null for a law of one context alone: it holds at every moment. */
  readonly look: Look | null;
  readonly explanation: Explanation | null;
};

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

/** By how much the two differ; stays while both go on in step. */
function gapOf({ expected, actual }: Finding): string {
  if (isNumber(expected) && isNumber(actual)) return new Decimal(actual).minus(expected).toFixed();
  return `${expected} | ${actual}`;
}

/** The same difference has the same key in every look at it. */
export const keyOf = (finding: Finding): string =>
  [finding.law, finding.context, finding.accountId, finding.subject, gapOf(finding)].join('\n');

export const nothing = 'none';
