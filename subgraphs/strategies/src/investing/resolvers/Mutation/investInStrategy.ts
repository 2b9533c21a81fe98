import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { storyOf } from '../../../commands/story.ts';
import type { MutationResolvers } from '../../../generated/graphql.ts';
import {
  boundedAmount,
  idOrNumber,
  requireOwnAccount,
  requireStrategy,
} from '../../../resolvers/input.ts';
import * as commands from '../../commands/invest-in-strategy.ts';
import type { InvestRefusalCode } from '../../domain/strategy-order.ts';

const messages: Readonly<Record<InvestRefusalCode, string>> = {
  STRATEGY_NOT_ACTIVE: 'The strategy is archived.',
  AMOUNT_BELOW_MINIMUM: 'The least that can be invested is 1.00.',
  AMOUNT_PRECISION: 'The amount has more decimals than the currency.',
  PAYMENT_NOT_FOUND: 'There is no deposit of this id that can still arrive.',
  PAYMENT_OTHER_ACCOUNT: 'The deposit goes to another account.',
  PAYMENT_TOO_SMALL: 'The deposit is smaller than the amount.',
  PAYMENT_USED: 'The deposit pays for another investment.',
  ACCOUNT_STATUS: 'The account may not buy in its present status.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const investInStrategy: NonNullable<MutationResolvers['investInStrategy']> = async (
  _,
  { input },
  context,
) => {
  const { customerId } = requirePrincipal(context.viewer);
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const { paymentId } = input;
  const amount = boundedAmount(input.amount, 'input.amount');
  const paymentKey = paymentId ? idOrNumber(paymentId, 'input.paymentId') : null;
  const strategy = await requireStrategy(context, input.strategyId);
  const account = await requireOwnAccount(context, input.accountId);

  const draft = { strategy, account, customerId, amount, paymentKey, idempotencyKey };
  const invested = await commands.investInStrategy(context, {
    ...draft,
    story: storyOf(context),
  });
  if (invested.ok) {
    return { __typename: 'InvestInStrategySuccess', strategyOrder: invested.value };
  }
  const code = invested.error;
  return { __typename: 'InvestInStrategyRefusal', code, message: messages[code] };
};
