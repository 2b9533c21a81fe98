import type { Clock } from '@simplebank/kernel/clock';
import type { ProviderVerdict } from '../domain/verification.ts';
import type { VerificationProvider, VerificationQuestion } from '../provider.ts';

export type SimulatedVerifierOptions = { readonly clock: Clock; readonly delayMs: number };

/** Legal names with these words decide (README); everybody else is accepted. */
const words = { review: /\breview/i, reject: /\breject/i, slow: /\bslow\b/i, fail: /\bfail\b/i };
const slowTimes = 50;
const failingTimes = 10;

/**
 * Answers after `delayMs`; `Slow` takes fifty times as long, and `Fail` cannot be reached for ten
 * times as long. It remembers nothing: its answer follows from the question alone, so it survives
 * a crash of our process as a real provider would.
 */
export function simulatedVerifier(options: SimulatedVerifierOptions): VerificationProvider {
  const { clock, delayMs } = options;
  const waited = ({ submittedAt }: VerificationQuestion) =>
    clock.now().getTime() - submittedAt.getTime();
  const reach = (question: VerificationQuestion) => {
    if (words.fail.test(question.profile.legalName) && waited(question) < failingTimes * delayMs) {
      throw new Error('the simulated verifier cannot be reached');
    }
  };
  return {
    submit: async (question) => reach(question),
    answer: async (question) => {
      reach(question);
      const times = words.slow.test(question.profile.legalName) ? slowTimes : 1;
      return waited(question) < times * delayMs ? { verdict: 'PENDING' } : verdictOf(question);
    },
  };
}

function verdictOf({ profile: { legalName } }: VerificationQuestion): ProviderVerdict {
  if (words.reject.test(legalName)) return { verdict: 'REJECTED', reasons: ['IDENTITY_NOT_FOUND'] };
  if (words.review.test(legalName)) return { verdict: 'REVIEW', reasons: ['DOCUMENT_UNCLEAR'] };
  return { verdict: 'ACCEPTED' };
}
