import type { Profile } from './domain/profile.ts';
import type { ProviderVerdict } from './domain/verification.ts';

/** A question about one person. */
export type VerificationQuestion = {
  readonly requestId: string;
  readonly profile: Profile;
  readonly submittedAt: Date;
};

export type ProviderAnswer = { readonly verdict: 'PENDING' } | ProviderVerdict;

/** The outside party that knows whether people are who they say they are. */
export type VerificationProvider = {
  /** Idempotent by request id: whoever is not sure asks again. Throws when it was not reached. */
  readonly submit: (question: VerificationQuestion) => Promise<void>;
  /** How it stands with a question that was submitted. Throws when it was not reached. */
  readonly answer: (question: VerificationQuestion) => Promise<ProviderAnswer>;
};
