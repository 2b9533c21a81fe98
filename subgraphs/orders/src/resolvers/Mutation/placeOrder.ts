import { requirePrincipal } from '@simplebank/chassis/auth';
import { idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { placeOrder as place } from '../../commands/place-order.ts';
import type { MutationResolvers, PlaceOrderInput } from '../../generated/graphql.ts';
import { requireOwnAccount } from '../access.ts';
import { actorOf } from '../actor.ts';
import { askedOf, assetNamed } from '../asked.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (
  _,
  { input },
  context,
) => {
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const asset = assetNamed(input.assetId, 'input.assetId');
  const account = await requireOwnAccount(context, input.accountId, 'input.accountId');
  const principal = requirePrincipal(context.viewer);

  const placed = await place(context, {
    draft: {
      ...askedOf(input),
      id: context.newId(),
      customerId: principal.customerId,
      idempotencyKey,
      requestHash: hashOf(input, account.id),
      strategyOrderId: null,
      rebalanceRunId: null,
    },
    account,
    asset,
    by: actorOf(principal, context),
    cause: context.cause,
  });
  return placed.ok
    ? { __typename: 'PlaceOrderSuccess', order: placed.value }
    : {
        __typename: 'PlaceOrderRefusal',
        code: placed.error,
        message: refusalMessages[placed.error],
      };
};

/** A price that is not given is left out, so that orders placed before stops keep their hash. */
function hashOf(input: PlaceOrderInput, accountId: string): string {
  const { side, type, timeInForce, quantity, amount, limitPrice, stopPrice } = askedOf(input);
  return requestHash('placeOrder', {
    accountId,
    assetId: input.assetId.trim().toLowerCase(),
    side,
    type,
    timeInForce,
    quantity: quantity?.toFixed() ?? null,
    amount: amount?.toFixed() ?? null,
    limitPrice: limitPrice?.toFixed() ?? null,
    ...(stopPrice && { stopPrice: stopPrice.toFixed() }),
  });
}
