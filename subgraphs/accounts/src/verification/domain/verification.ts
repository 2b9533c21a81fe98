import { ok, type Result, refuse } from '@simplebank/kernel/result';

export const verificationStatuses = [
  'NOT_STARTED',
  'PENDING',
  'ACCEPTED',
  'REVIEW',
  'REJECTED',
] as const;
export type VerificationStatus = (typeof verificationStatuses)[number];

export const verificationEvents = [
  'PROFILE_SUBMITTED',
  'PROVIDER_ACCEPTED',
  'PROVIDER_UNSURE',
  'PROVIDER_REJECTED',
  'STAFF_ACCEPTED',
  'STAFF_REJECTED',
  'MORE_REQUESTED',
] as const;
export type VerificationEvent = (typeof verificationEvents)[number];

type Transition = {
  readonly from: VerificationStatus;
  readonly event: VerificationEvent;
  readonly to: VerificationStatus;
};

/** Domain §2.2. The database has the same rows and refuses everything else. */
export const transitions: readonly Transition[] = [
  { from: 'NOT_STARTED', event: 'PROFILE_SUBMITTED', to: 'PENDING' },
  { from: 'PENDING', event: 'PROVIDER_ACCEPTED', to: 'ACCEPTED' },
  { from: 'PENDING', event: 'PROVIDER_UNSURE', to: 'REVIEW' },
  { from: 'PENDING', event: 'PROVIDER_REJECTED', to: 'REJECTED' },
  { from: 'REVIEW', event: 'STAFF_ACCEPTED', to: 'ACCEPTED' },
  { from: 'REVIEW', event: 'STAFF_REJECTED', to: 'REJECTED' },
  { from: 'REVIEW', event: 'MORE_REQUESTED', to: 'NOT_STARTED' },
];

/** How far the bank knows a customer. */
export type Verification = {
  readonly customerId: string;
  readonly status: VerificationStatus;
  /** What the customer may know of why: what is unclear, or what more is asked for. */
  readonly reasons: readonly string[];
  /** The latest question to the provider; null before the first. */
  readonly requestId: string | null;
};

export const notStarted = (customerId: string): Verification => ({
  customerId,
  status: 'NOT_STARTED',
  reasons: [],
  requestId: null,
});

export type VerificationRefusal = { readonly code: 'VERIFICATION_STATUS' };
export type Moved = { readonly verification: Verification; readonly event: VerificationEvent };

/** The verification after this event by the table; null when the table has no row. */
export function move(
  verification: Verification,
  event: VerificationEvent,
  reasons: readonly string[] = [],
): Moved | null {
  const row = transitions.find(
    ({ from, event: on }) => from === verification.status && on === event,
  );
  return row ? { verification: { ...verification, status: row.to, reasons }, event } : null;
}

/** The same for a command, which may be refused. */
export function decide(
  verification: Verification,
  event: VerificationEvent,
  reasons?: readonly string[],
): Result<Moved, VerificationRefusal> {
  const moved = move(verification, event, reasons);
  return moved ? ok(moved) : refuse({ code: 'VERIFICATION_STATUS' });
}

export type ProviderVerdict =
  | { readonly verdict: 'ACCEPTED' }
  | { readonly verdict: 'REVIEW' | 'REJECTED'; readonly reasons: readonly string[] };

/** What the provider's answer does. Null: it has been answered before, or staff has decided. */
export function answered(verification: Verification, answer: ProviderVerdict): Moved | null {
  switch (answer.verdict) {
    case 'ACCEPTED':
      return move(verification, 'PROVIDER_ACCEPTED');
    case 'REVIEW':
      return move(verification, 'PROVIDER_UNSURE', answer.reasons);
    case 'REJECTED':
      return move(verification, 'PROVIDER_REJECTED', answer.reasons);
  }
}

export type Standing = 'UNKNOWN' | 'ACCEPTED' | 'ACTION_NEEDED' | 'REJECTED';

/** What an account of this customer makes of it. Asked for more: not started, for a reason. */
export function standingOf({ status, reasons }: Verification): Standing {
  switch (status) {
    case 'ACCEPTED':
      return 'ACCEPTED';
    case 'REJECTED':
      return 'REJECTED';
    case 'REVIEW':
      return 'ACTION_NEEDED';
    case 'PENDING':
      return 'UNKNOWN';
    case 'NOT_STARTED':
      return reasons.length > 0 ? 'ACTION_NEEDED' : 'UNKNOWN';
  }
}
