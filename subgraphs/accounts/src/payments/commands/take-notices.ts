import type { Deps } from '../../deps.ts';
import { keepNotices, listDueNotices, postponeNotices } from '../data/notices.ts';
import { pauseAfter } from '../domain/payment.ts';
import type { NoticePage, ProviderNotice } from '../provider.ts';
import { settlePayment } from './settle-payment.ts';

/** Payments whose notices one run looks at; the others have their turn in the next. */
const paymentsMax = 100;
const atOnceMax = 4;
const textCharsMax = 200;

/**
 * Reads on where the last reading ended and keeps what it reads; the resume point moves in the same
 * transaction, so a crash repeats or skips no notice. True when there was something to read.
 */
export async function readNotices(deps: Deps, resumePoint: string): Promise<boolean> {
  const { provider, clock, newId } = deps;
  const page = await pageAfter(deps, resumePoint);
  if (page === null || page.notices.length === 0) return false;
  const receivedAt = clock.now();
  const notices = page.notices.map((notice) => ({ ...bounded(notice), id: newId(), receivedAt }));
  const stream = { provider: provider.name, from: resumePoint, to: page.resumePoint };
  return deps.transact((tx) => keepNotices(tx, { ...stream, notices }));
}

/** Null when the provider did not answer: it is asked again in the next run. */
async function pageAfter({ provider, log }: Deps, after: string): Promise<NoticePage | null> {
  try {
    return await provider.notices(after);
  } catch (error) {
    log.warn({ error, error_code: 'PROVIDER_FAILED' }, 'no notices could be read');
    return null;
  }
}

/** Whatever an outside party writes, it fits our rows. */
const bounded = (notice: ProviderNotice): ProviderNotice => ({
  ...notice,
  noticeId: text(notice.noticeId),
  paymentId: text(notice.paymentId).toLowerCase(),
  reason: notice.reason === null ? null : text(notice.reason),
});
const text = (given: string): string => given.replaceAll('\u0000', '').slice(0, textCharsMax);

/** Applies the notices that are due, each payment's in a transaction of its own. */
export async function applyNotices(deps: Deps): Promise<void> {
  const paymentIds = await listDueNotices(deps.db, { now: deps.clock.now(), max: paymentsMax });
  for (let start = 0; start < paymentIds.length; start += atOnceMax) {
    const some = paymentIds.slice(start, start + atOnceMax);
    // So many at once and no more: our connections have other work, too.
    await Promise.all(some.map((paymentId) => apply(deps, paymentId)));
  }
}

/** Trouble with one payment is an alert and does not hold up the others. */
async function apply(deps: Deps, paymentId: string): Promise<void> {
  const { db, clock, log } = deps;
  try {
    await settlePayment(deps, { paymentId, answer: null });
  } catch (error) {
    const about = { payment_id: paymentId, error };
    const fields = { ...about, error_code: 'NOTICE_FAILED', alert: 'PAYMENT_NOTICE_FAILED' };
    log.error(fields, 'a notice of the payment provider could not be applied');
    const now = clock.now();
    await postponeNotices(db, paymentId, new Date(now.getTime() + pauseAfter(now, now)));
  }
}
