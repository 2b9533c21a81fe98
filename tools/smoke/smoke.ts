import { randomUUID } from 'node:crypto';
import { type BankClient, bankClient, UnexpectedAnswer, waitFor } from '../bank/client.ts';
import { type Credentials, signIn, succeeded, type Union } from '../bank/customer.ts';
import { orderEnds, placeOrder, seeOrder } from '../bank/trading.ts';

export type Smoke = {
  /** The web gateway, with or without `/graphql`. */
  readonly url: string;
  /** A customer with an account and a few dollars in it. */
  readonly credentials: Credentials;
  readonly assetId: string;
  readonly say: (line: string) => void;
};

/** Far below every price: it waits at the venue and never trades. */
const limitPrice = '1.00';
const stepMsMax = 20_000;

type Portfolio = {
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly balances: { readonly available: { readonly amount: string } };
    readonly currentHoldings: readonly { readonly symbol: string }[];
  }[];
};
const portfolioText = `{ accounts { id name balances { available { amount } }
  currentHoldings { symbol } } }`;

const cancelText = `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) {
  __typename ... on CancelOrderRefusal { code message } } }`;

async function accountOf(customer: BankClient): Promise<Portfolio['accounts'][number]> {
  const { accounts } = await customer.ask<Portfolio>(portfolioText);
  const rich = accounts.find(({ balances }) => Number(balances.available.amount) >= 10);
  if (rich) return rich;
  throw new UnexpectedAnswer('no account of this customer has 10.00 available');
}

async function placeAndCancel(customer: BankClient, wish: { accountId: string; assetId: string }) {
  const order = await placeOrder(customer, {
    ...{ ...wish, side: 'BUY', type: 'LIMIT', quantity: '1', limitPrice },
    idempotencyKey: `smoke-${randomUUID()}`,
  });
  // While the market is closed it stays ACCEPTED until the opening: that is as far as it gets.
  await waitFor(
    'the reservation of the order',
    async () => ((await seeOrder(customer, order.id))?.status === 'RESERVING' ? null : true),
    { withinMs: stepMsMax },
  );
  const input = { orderId: order.id, idempotencyKey: `smoke-cancel-${order.id}` };
  const { cancelOrder } = await customer.ask<{ cancelOrder: Union }>(cancelText, { input });
  succeeded(cancelOrder, 'canceling the order');
  await orderEnds(customer, { id: order.id, as: 'CANCELED' });
  return order.id;
}

/**
 * Does what a customer does first thing: signs in, looks at the portfolio, places a small order
 * that cannot trade and cancels it. Throws UnexpectedAnswer at the first thing that is wrong.
 */
export async function smoke({ url, credentials, assetId, say }: Smoke): Promise<void> {
  const startedAt = performance.now();
  const tell = (what: string) =>
    say(`  ${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)} s  ${what}`);
  const door = bankClient(url.endsWith('/graphql') ? url : `${url.replace(/\/$/, '')}/graphql`);
  const customer = await signIn(door, credentials);
  tell(`signed in as ${credentials.email}`);
  const { id, name, balances, currentHoldings } = await accountOf(customer);
  const { amount } = balances.available;
  tell(`read ${name}: ${amount} available, ${currentHoldings.length} holdings`);
  const order = await placeAndCancel(customer, { accountId: id, assetId });
  tell(`placed and canceled order ${order}`);
}
