import { z } from 'zod';
import { notFound, refused, restRoute } from '../rest.ts';
import {
  amountText,
  decimalShown,
  idempotencyKey,
  idShown,
  idText,
  shownId,
  uuidShown,
} from '../rest-fields.ts';

type Numbered = { readonly id: string; readonly number: string };
type Part = {
  readonly assetId: string;
  readonly symbol: string;
  readonly percentage: string;
  readonly amount: { readonly amount: string };
  readonly status: string;
  readonly skipReason: string | null;
  readonly orderId: string | null;
};
type StrategyOrder = Numbered & {
  readonly status: string;
  readonly amount: { readonly amount: string };
  readonly strategy: Numbered;
  readonly accountId: string;
  readonly account: Numbered | null;
  readonly paymentId: string | null;
  readonly payment: Numbered | null;
  readonly parts: readonly Part[];
};
type Refusal = { readonly code: string; readonly message: string };
type Invested = { readonly investInStrategy: { readonly strategyOrder: StrategyOrder } | Refusal };

const orderFields = `
  id number status amount { amount } strategy { id number }
  accountId account { id number } paymentId payment { id number }
  parts { assetId symbol percentage amount { amount } status skipReason orderId }
`;

const partShown = z.object({
  assetId: uuidShown,
  symbol: z.string(),
  percentage: z.number(),
  amount: decimalShown,
});

const orderShown = z.object({
  id: idShown,
  strategyId: idShown,
  destinationAccountId: idShown,
  amount: decimalShown,
  paymentId: idShown.nullable(),
  status: z.string(),
  orders: z
    .array(partShown.extend({ status: z.string(), orderId: uuidShown.nullable() }))
    .describe('What is bought with it; empty while the payment has not arrived.'),
  skipped: z
    .array(partShown.extend({ reason: z.string().nullable() }))
    .describe('What is not bought; its amount stays on the account.'),
});

const partOf = ({ assetId, symbol, percentage, amount }: Part) => ({
  assetId,
  symbol,
  percentage: Number(percentage),
  amount: amount.amount,
});

const shown = ({ id, number, strategy, account, payment, parts, ...order }: StrategyOrder) => ({
  id: shownId(number, id),
  strategyId: shownId(strategy.number, strategy.id),
  destinationAccountId: shownId(account?.number, order.accountId),
  amount: order.amount.amount,
  paymentId: order.paymentId && shownId(payment?.number, order.paymentId),
  status: order.status,
  orders: parts
    .filter(({ status }) => status !== 'SKIPPED')
    .map((part) => ({ ...partOf(part), status: part.status, orderId: part.orderId })),
  skipped: parts
    .filter(({ status }) => status === 'SKIPPED')
    .map((part) => ({ ...partOf(part), reason: part.skipReason })),
});

/** POST /strategies/{id}/orders: the payment's money follows the strategy once it has arrived. */
export const orderStrategy = restRoute({
  name: 'orderStrategy',
  title: 'Invest a payment in a strategy',
  method: 'POST',
  path: '/strategies/{id}/orders',
  access: 'signed-in',
  pathParameters: z.object({ id: idText }),
  body: z.object({ destinationAccountId: idText, amount: amountText, paymentId: idText }),
  key: idempotencyKey,
  operation: `
    mutation RestOrderStrategy($input: InvestInStrategyInput!) {
      investInStrategy(input: $input) {
        ... on InvestInStrategySuccess { strategyOrder { ${orderFields} } }
        ... on InvestInStrategyRefusal { code message }
      }
    }
  `,
  variables: ({ id, destinationAccountId, amount, paymentId, idempotencyKey: key }) => ({
    input: {
      strategyId: id,
      accountId: destinationAccountId,
      amount,
      paymentId,
      idempotencyKey: key,
    },
  }),
  fieldNames: { strategyId: 'id', accountId: 'destinationAccountId' },
  success: { status: 201, description: 'The order as recorded.', schema: orderShown },
  errors: [404, 409, 422],
  answer: ({ investInStrategy }: Invested) => {
    if (!('strategyOrder' in investInStrategy)) return refused(investInStrategy);
    const body = shown(investInStrategy.strategyOrder);
    const location = `/strategies/${body.strategyId}/orders/${body.id}` as const;
    return { status: 201, location, body };
  },
});

/** GET /strategies/{id}/orders/{orderId}: how the investment goes on. */
export const getStrategyOrder = restRoute({
  name: 'getStrategyOrder',
  title: 'An investment in a strategy',
  method: 'GET',
  path: '/strategies/{id}/orders/{orderId}',
  access: 'signed-in',
  pathParameters: z.object({ id: idText, orderId: idText }),
  operation: `
    query RestStrategyOrder($id: ID!) { strategyOrder(id: $id) { ${orderFields} } }
  `,
  variables: ({ orderId }) => ({ id: orderId }),
  fieldNames: { id: 'orderId' },
  success: { status: 200, description: 'The order as it stands.', schema: orderShown },
  errors: [404],
  answer: ({ strategyOrder }: { readonly strategyOrder: StrategyOrder | null }, { input }) => {
    const { id, number } = strategyOrder?.strategy ?? {};
    const isHere = input.id === number || input.id.toLowerCase() === id;
    if (!strategyOrder || !isHere) throw notFound('order', 'orderId');
    return { status: 200, body: shown(strategyOrder) };
  },
});
