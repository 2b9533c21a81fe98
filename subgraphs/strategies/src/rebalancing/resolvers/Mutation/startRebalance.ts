import { requirePrincipal } from '@simplebank/chassis/auth';
import { PublicError } from '@simplebank/chassis/errors';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers, StartRebalanceRefusalCode } from '../../../generated/graphql.ts';
import { ownAccount } from '../../../queries/accounts.ts';
import { idOrNumber, notFound } from '../../../resolvers/input.ts';
import * as commands from '../../commands/start-rebalance.ts';
import { knownRun } from '../../queries/runs.ts';

const messages: Readonly<Record<StartRebalanceRefusalCode, string>> = {
  NO_ELECTION: 'The account follows no strategy.',
  STRATEGY_NOT_ACTIVE: 'The strategy is archived.',
  ACCOUNT_STATUS: 'The account may not trade so in its present status.',
  RUN_OPEN: 'Another rebalancing of the account has not ended, or its trades are not booked yet.',
  TOO_LATE: 'The market closes in less than 15 minutes.',
  PRICE_UNAVAILABLE: 'An asset has no price that is fresh enough.',
  AMOUNT_REQUIRED: 'This mode needs an amount.',
  AMOUNT_NOT_POSITIVE: 'The amount is not above 0.',
  AMOUNT_PRECISION: 'The amount has more decimals than the currency.',
  AMOUNT_BELOW_MINIMUM: 'The least that can be moved is 1.00.',
  AMOUNT_ABOVE_LIMIT: 'The most that can be moved is 1,000,000,000.00.',
  AMOUNT_ABOVE_VALUE: 'The assets of the strategy are worth less than the amount.',
  CALENDAR_UNKNOWN: 'The trading calendar does not know this year.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const startRebalance: NonNullable<MutationResolvers['startRebalance']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const { mode } = input;
  const sellOutside = input.sellOutside ?? false;
  if (sellOutside && mode !== 'FULL') {
    throw new PublicError('BAD_INPUT', 'Only FULL sells.', { field: 'input.sellOutside' });
  }
  const accountKey = idOrNumber(input.accountId, 'input.accountId');
  const account = await ownAccount(context, context.viewer, accountKey);
  if (!account) throw notFound('account', 'input.accountId');

  const amount = input.amount ?? null;
  const wish = { account, customerId, mode, amount, sellOutside, idempotencyKey };
  const started = await commands.startRebalance(context, wish, storyOf(context));
  if (started.ok) {
    const rebalanceRun = await knownRun(context, started.value);
    return { __typename: 'StartRebalanceSuccess', rebalanceRun };
  }
  const code = started.error;
  return { __typename: 'StartRebalanceRefusal', code, message: messages[code] };
};
