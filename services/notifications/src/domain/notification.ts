import type { ChannelName, Kind, Template } from './kinds.ts';

/** What a template is filled with, such as an amount or a symbol; never a name or an address. */
export type Facts = Readonly<Record<string, string>>;

/** One customer, one channel, one reason to write. */
export type Notification = {
  readonly id: string;
  readonly customerId: string;
  readonly accountId: string | null;
  readonly channel: ChannelName;
  readonly kind: Kind;
  readonly template: Template;
  readonly facts: Facts;
  readonly queuedAt: Date;
  /** Attempts whose outcome is known. */
  readonly attempts: number;
};

export type DeliveryState = 'QUEUED' | 'SENT' | 'FAILED' | 'SUPPRESSED';

/**
 * Why nothing was sent. PREFERENCE_OFF: the customer does not want it. PART_OF_WHOLE: what the
 * order is a part of is told of. IN_APP_ONLY: too everyday for other channels. ADDRESS_NOT_VALID:
 * nobody can be reached there. CHANNEL_NOT_CONFIGURED: the bank has no such channel any more.
 */
export type SuppressReason =
  | 'PREFERENCE_OFF'
  | 'PART_OF_WHOLE'
  | 'IN_APP_ONLY'
  | 'ADDRESS_NOT_VALID'
  | 'CHANNEL_NOT_CONFIGURED';

export type Attempt =
  | { readonly outcome: 'SENT' }
  | { readonly outcome: 'FAILED'; readonly error: string; readonly answered: boolean }
  /** Nobody was called, as while a mail server is left alone: that is no attempt. */
  | { readonly outcome: 'NOT_TRIED' }
  | { readonly outcome: 'SUPPRESSED'; readonly reason: SuppressReason };

export type AfterAttempt = { readonly attempts: number } & (
  | { readonly state: 'SENT' }
  | { readonly state: 'QUEUED'; readonly nextAttemptAt: Date }
  | { readonly state: 'FAILED' | 'SUPPRESSED'; readonly reason: string }
);

const attemptsMax = 8;
const firstPauseMs = 1_000;
const pauseFactor = 4;
/** How soon a message looks again whether its channel can be called. */
const restMs = 5_000;

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** Growing pauses: 1 s, 4 s, 16 s … up to 68 minutes; after the eighth attempt it has FAILED. */
export function afterAttempt(before: number, attempt: Attempt, at: Date): AfterAttempt {
  switch (attempt.outcome) {
    case 'SENT':
      return { state: 'SENT', attempts: before + 1 };
    case 'SUPPRESSED':
      return { state: 'SUPPRESSED', attempts: before, reason: attempt.reason };
    case 'NOT_TRIED':
      return { state: 'QUEUED', attempts: before, nextAttemptAt: later(at, restMs) };
    case 'FAILED': {
      const attempts = before + 1;
      if (attempts >= attemptsMax) return { state: 'FAILED', attempts, reason: attempt.error };
      const pauseMs = firstPauseMs * pauseFactor ** before;
      return { state: 'QUEUED', attempts, nextAttemptAt: later(at, pauseMs) };
    }
    default:
      throw new Error(`no such outcome: ${attempt satisfies never}`);
  }
}
