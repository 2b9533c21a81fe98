import { actorOfJob } from '../../commands/audit.ts';
import type { Deps } from '../../deps.ts';
import { findProfile } from '../data/profiles.ts';
import {
  listDue,
  noteAcknowledged,
  noteAnswer,
  type OpenRequest,
  postpone,
} from '../data/requests.ts';
import { lockVerification } from '../data/verifications.ts';
import { answered, type ProviderVerdict } from '../domain/verification.ts';
import type { ProviderAnswer, VerificationQuestion } from '../provider.ts';
import { saveMove } from './save-move.ts';

const requestsMax = 100;
const callsAtOnceMax = 8;
/** A provider that is not reached is asked again after twice the time, at most a minute. */
const retryMsMin = 200;
const retryMsMax = 60_000;
/** Who has waited long is asked about seldom: an answer is seen late by at most this share. */
const waitShare = 4;
/** From here on somebody should look: more than five minutes have passed. */
const failuresToAlert = 12;
const job = 'advance-verifications';

/**
 * Sends new questions to the provider and asks how those under way stand: never inside a
 * transaction, and only what was written down before. One question's trouble holds up no other.
 */
export async function advanceVerifications(deps: Deps): Promise<void> {
  const requests = await listDue(deps.db, deps.clock.now(), requestsMax);
  for (let start = 0; start < requests.length; start += callsAtOnceMax) {
    const some = requests.slice(start, start + callsAtOnceMax);
    await Promise.all(some.map((request) => advance(deps, request)));
  }
}

async function advance(deps: Deps, request: OpenRequest): Promise<void> {
  const { id } = request;
  const answer = await answerTo(deps, request);
  try {
    if (answer === 'UNREACHED') return await later(deps, request, request.failures + 1);
    if (answer.verdict === 'PENDING') return await later(deps, request, 0);
    await takeAnswer(deps, request, answer);
  } catch (error) {
    const fields = { verification_request_id: id, error, error_code: 'VERIFICATION_FAILED' };
    deps.log.error(fields, 'an answer of the verifier cannot be taken');
    await later(deps, request, request.failures + 1);
  }
}

/** Asks the provider, after submitting what it has not taken yet. */
async function answerTo(deps: Deps, request: OpenRequest): Promise<ProviderAnswer | 'UNREACHED'> {
  const { verifier, db, clock } = deps;
  try {
    const question = await questionOf(deps, request);
    if (!request.acknowledgedAt) {
      await verifier.submit(question);
      await noteAcknowledged(db, request.id, clock.now());
    }
    return await verifier.answer(question);
  } catch (error) {
    const failures = request.failures + 1;
    const alert = failures >= failuresToAlert ? { alert: 'VERIFICATION_STUCK' } : {};
    // The error of a provider may quote what it was sent, so only its kind is kept.
    const kind = error instanceof Error ? error.name : typeof error;
    const fields = { verification_request_id: request.id, failures, kind, ...alert };
    deps.log.warn({ ...fields, error_code: 'VERIFIER_FAILED' }, 'the verifier is not reached');
    return 'UNREACHED';
  }
}

async function questionOf(deps: Deps, request: OpenRequest): Promise<VerificationQuestion> {
  const { id: requestId, customerId, submittedAt } = request;
  const sealed = await findProfile(deps.db, customerId);
  if (!sealed) throw new Error(`request ${requestId} has no profile`);
  const identityNumber = deps.dataKeys.open(sealed.identityNumber, customerId);
  return { requestId, submittedAt, profile: { ...sealed, identityNumber } };
}

async function later({ db, clock }: Deps, request: OpenRequest, failures: number): Promise<void> {
  const { id, submittedAt } = request;
  const now = clock.now().getTime();
  const wish =
    failures === 0 ? (now - submittedAt.getTime()) / waitShare : retryMsMin * 2 ** (failures - 1);
  const nextAttemptAt = new Date(now + Math.min(wish, retryMsMax));
  await postpone(db, id, { nextAttemptAt, failures });
}

/** An answer that comes again, or after another one, changes nothing. */
async function takeAnswer(
  deps: Deps,
  { id, customerId }: OpenRequest,
  answer: ProviderVerdict,
): Promise<void> {
  await deps.transact(async (tx) => {
    const before = await lockVerification(tx, customerId);
    const noted = { answer: answer.verdict, answeredAt: deps.clock.now() };
    if (!(await noteAnswer(tx, id, noted)) || before?.requestId !== id) return;
    const moved = answered(before, answer);
    if (!moved) throw new Error(`request ${id} is answered in state ${before.status}`);
    const cause = { correlationId: id, causationId: null, traceparent: null };
    await saveMove(tx, deps, { before, moved, command: job, by: actorOfJob(job), cause });
  });
}
