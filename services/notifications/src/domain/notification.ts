/** Each kind has a template; the preference of a customer is per kind and channel. */
const kinds = [
  'ACCOUNT_OPENED',
  'ACCOUNT_STATUS',
  'DEPOSIT_COMPLETED',
  'DEPOSIT_FAILED',
  'WITHDRAWAL_COMPLETED',
  'WITHDRAWAL_FAILED',
  'ORDER_COMPLETED',
  'ORDER_REFUSED',
  'STRATEGY_ORDER_COMPLETED',
] as const;
export type Kind = (typeof kinds)[number];

const channels = ['IN_APP', 'EMAIL', 'PUSH', 'SMS'] as const;
export type ChannelName = (typeof channels)[number];

/** What a template is filled with, such as an amount or a symbol; never a name or an address. */
export type Facts = Readonly<Record<string, string>>;

/** One customer, one channel, one reason to write. */
export type Notification = {
  readonly id: string;
  readonly customerId: string;
  readonly channel: ChannelName;
  readonly kind: Kind;
  readonly facts: Facts;
  readonly queuedAt: Date;
  /** Attempts so far, the one under way included. */
  readonly attempts: number;
};

export type Attempt =
  | { readonly outcome: 'SENT' }
  | { readonly outcome: 'FAILED'; readonly error: string };

export type AfterAttempt =
  | { readonly state: 'SENT' }
  | { readonly state: 'QUEUED'; readonly nextAttemptAt: Date }
  | { readonly state: 'FAILED'; readonly reason: string };

const attemptsMax = 8;
const firstPauseMs = 1_000;
const pauseFactor = 4;

/** Growing pauses: 1 s, 4 s, 16 s … up to 68 minutes; after the eighth attempt it has FAILED. */
export function afterAttempt(attempts: number, attempt: Attempt, at: Date): AfterAttempt {
  if (attempt.outcome === 'SENT') return { state: 'SENT' };
  if (attempts >= attemptsMax) return { state: 'FAILED', reason: attempt.error };
  const pauseMs = firstPauseMs * pauseFactor ** (attempts - 1);
  return { state: 'QUEUED', nextAttemptAt: new Date(at.getTime() + pauseMs) };
}
