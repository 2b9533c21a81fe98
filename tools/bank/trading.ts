import { type BankClient, UnexpectedAnswer, waitFor } from './client.ts';
import { succeeded } from './customer.ts';

const finalStatuses = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED'];

export type OrderWish = {
  readonly accountId: string;
  /** UUID or symbol. */
  readonly assetId: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: 'MARKET' | 'LIMIT';
  readonly quantity?: string;
  readonly amount?: string;
  readonly limitPrice?: string;
  readonly idempotencyKey: string;
};

export type SeenOrder = {
  readonly id: string;
  readonly status: string;
  readonly code: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly filledQuantity: string;
  readonly filledValue: { readonly amount: string };
  readonly fees: { readonly total: { readonly amount: string } };
  readonly averagePrice: { readonly amount: string } | null;
};

const orderFields = `id status code symbol side filledQuantity
  filledValue { amount } fees { total { amount } } averagePrice { amount }`;

const placeText = `mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) {
  __typename
  ... on PlaceOrderSuccess { order { ${orderFields} } }
  ... on PlaceOrderRefusal { code message } } }`;

/** The order as recorded: RESERVING, and not on the market yet. */
export async function placeOrder(customer: BankClient, input: OrderWish): Promise<SeenOrder> {
  type Success = { readonly __typename: string; readonly order: SeenOrder };
  const answer = await customer.ask<{ placeOrder: Success }>(placeText, { input });
  return succeeded(answer.placeOrder, `${input.side} ${input.assetId}`).order;
}

export async function seeOrder(customer: BankClient, id: string): Promise<SeenOrder | null> {
  const text = `query($id: ID!) { order(id: $id) { ${orderFields} } }`;
  const { order } = await customer.ask<{ order: SeenOrder | null }>(text, { id });
  return order;
}

/** Waits for the order's final state, and throws unless it is the one expected. */
export async function orderEnds(
  customer: BankClient,
  { id, as = 'FILLED' }: { readonly id: string; readonly as?: string },
): Promise<SeenOrder> {
  const order = await waitFor(`the end of order ${id}`, async () => {
    const seen = await seeOrder(customer, id);
    return seen && finalStatuses.includes(seen.status) ? seen : null;
  });
  if (order.status === as) return order;
  throw new UnexpectedAnswer(`order ${id} ended ${order.status} (${order.code}), not ${as}`);
}

const investText = `mutation Invest($input: InvestInStrategyInput!) {
  investInStrategy(input: $input) { __typename
    ... on InvestInStrategySuccess { strategyOrder { id } }
    ... on InvestInStrategyRefusal { code message } } }`;

const investmentText = `query($id: ID!) { strategyOrder(id: $id) { id status
  parts { symbol percentage amount { amount } status orderId } } }`;

export type Investment = {
  readonly id: string;
  readonly status: string;
  readonly parts: readonly {
    readonly symbol: string;
    readonly percentage: string;
    readonly amount: { readonly amount: string };
    readonly status: string;
    readonly orderId: string | null;
  }[];
};

export type InvestmentWish = {
  readonly strategyId: string;
  readonly accountId: string;
  readonly amount: string;
  readonly idempotencyKey: string;
};

/** Invests the account's cash and waits until every order of the strategy is filled. */
export async function invest(customer: BankClient, input: InvestmentWish): Promise<Investment> {
  type Success = { readonly __typename: string; readonly strategyOrder: { readonly id: string } };
  const answer = await customer.ask<{ investInStrategy: Success }>(investText, { input });
  const { id } = succeeded(answer.investInStrategy, 'investing').strategyOrder;
  return waitFor(`the end of strategy order ${id}`, async () => {
    const found = await customer.ask<{ strategyOrder: Investment }>(investmentText, { id });
    const { status } = found.strategyOrder;
    if (status === 'FAILED' || status === 'COMPLETED_ADJUSTED') {
      throw new UnexpectedAnswer(`strategy order ${id} ended ${status}`);
    }
    return status === 'COMPLETED' ? found.strategyOrder : null;
  });
}
