import { requireRole } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { boundedText, idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { Context } from '../../../context.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import { resolveNotice } from '../../commands/resolve-notice.ts';
import { noticeBy } from '../../queries/notices.ts';
import { messages } from '../input.ts';

const reasonCharsMax = 500;

export const resolvePaymentNotice: NonNullable<MutationResolvers['resolvePaymentNotice']> = async (
  _,
  { input },
  context,
) => {
  requireRole(context.viewer, 'operations');
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const reason = boundedText(input.reason, { field: 'input.reason', max: reasonCharsMax });
  const notice = await noticeOf(context, input.noticeId);
  const asked = { notice, decision: input.decision, reason, idempotencyKey };
  const done = await resolveNotice(context, asked, storyOf(context));
  if (done.ok) {
    const now = await noticeOf(context, notice.id);
    return { __typename: 'ResolvePaymentNoticeSuccess', notice: now };
  }
  const { code } = done.error;
  return { __typename: 'ResolvePaymentNoticeRefusal', code, message: messages[code] };
};

/** Throws NOT_FOUND. */
async function noticeOf(context: Context, id: string) {
  const notice = await noticeBy(context, id);
  if (notice) return notice;
  throw new PublicError('NOT_FOUND', 'There is no such notice.', { field: 'input.noticeId' });
}
