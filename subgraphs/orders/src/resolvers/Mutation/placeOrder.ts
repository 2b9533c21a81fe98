import { requirePrincipal } from '@simplebank/chassis/auth';
import { boundedText, idempotencyKeyOf } from '@simplebank/chassis/scalars';
import { isUuid } from '@simplebank/kernel/ids';
import { placeOrder as place } from '../../commands/place-order.ts';
import type { MutationResolvers, PlaceOrderInput } from '../../generated/graphql.ts';
import { requireOwnAccount } from '../access.ts';
import { refusalMessages } from '../refusal-messages.ts';
import { requestHash } from '../request-hash.ts';

export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (
  _,
  { input },
  context,
) => {
  const idempotencyKey = idempotencyKeyOf(input.idempotencyKey);
  const asset = assetOf(input.assetId);
  const account = await requireOwnAccount(context, input.accountId, 'input.accountId');

  const placed = await place(context, {
    draft: {
      id: context.newId(),
      customerId: requirePrincipal(context.viewer).customerId,
      idempotencyKey,
      requestHash: hashOf(input, account.id),
      side: input.side,
      type: input.type,
      timeInForce: timeInForceOf(input),
      quantity: input.quantity ?? null,
      amount: input.amount ?? null,
      limitPrice: input.limitPrice ?? null,
      strategyOrderId: null,
    },
    account,
    asset,
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

/** The schema fills it in; the types do not know. */
const timeInForceOf = ({ timeInForce }: PlaceOrderInput) => timeInForce ?? 'DAY';

const symbolCharsMax = 32;

/** An asset is named by its UUID or by its symbol. */
function assetOf(idOrSymbol: string) {
  const name = boundedText(idOrSymbol, { field: 'input.assetId', max: 36 });
  const id = name.toLowerCase();
  if (isUuid(id)) return { id };
  const symbol = boundedText(name, { field: 'input.assetId', max: symbolCharsMax });
  return { symbol: symbol.toUpperCase() };
}

const hashOf = (input: PlaceOrderInput, accountId: string): string =>
  requestHash('placeOrder', {
    accountId,
    assetId: input.assetId.trim().toLowerCase(),
    side: input.side,
    type: input.type,
    timeInForce: timeInForceOf(input),
    quantity: input.quantity?.toFixed() ?? null,
    amount: input.amount?.toFixed() ?? null,
    limitPrice: input.limitPrice?.toFixed() ?? null,
  });
