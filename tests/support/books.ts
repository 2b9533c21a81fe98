import { Decimal, sum } from '@simplebank/kernel/decimal';
import type { BankClient } from '../../tools/bank/client.ts';

type Amount = { readonly amount: string };
type Execution = {
  readonly id: string;
  readonly quantity: string;
  readonly value: Amount;
  readonly fees: { readonly total: Amount };
};
type Order = {
  readonly id: string;
  readonly status: string;
  readonly side: 'BUY' | 'SELL';
  readonly symbol: string;
  readonly filledQuantity: string;
  readonly executions: readonly Execution[];
};

const ordersText = `query($id: ID!, $after: String) { account(id: $id) {
  ordersPage(first: 100, after: $after) {
    nodes { id status side symbol filledQuantity
      executions { id quantity value { amount } fees { total { amount } } } }
    pageInfo { hasNextPage endCursor } } } }`;

type OrdersAnswer = {
  readonly account: {
    readonly ordersPage: {
      readonly nodes: readonly Order[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
};

/** Every order of an account, page by page. */
export async function allOrders(customer: BankClient, accountId: string): Promise<Order[]> {
  const orders: Order[] = [];
  for (let after: string | null = null; ; ) {
    const answer: OrdersAnswer = await customer.ask(ordersText, { id: accountId, after });
    const { nodes, pageInfo } = answer.account.ordersPage;
    orders.push(...nodes);
    if (!pageInfo.hasNextPage) return orders;
    after = pageInfo.endCursor;
  }
}

const accountText = `query($id: ID!) { account(id: $id) {
  balances { posted { amount } held { amount } unsettled { amount } debt { amount } }
  currentHoldings { symbol quantity reserved } } }`;

type AccountAnswer = {
  readonly account: {
    readonly balances: Readonly<Record<'posted' | 'held' | 'unsettled' | 'debt', Amount>>;
    readonly currentHoldings: readonly {
      readonly symbol: string;
      readonly quantity: string;
      readonly reserved: string;
    }[];
  };
};

const signed = (side: 'BUY' | 'SELL', text: string) =>
  side === 'BUY' ? new Decimal(text) : new Decimal(text).negated();

/** Cash that trading took out of an account: value of buys and all fees, less value of sales. */
function spent(orders: readonly Order[]): Decimal {
  return sum(
    orders.flatMap(({ side, executions }) =>
      executions.flatMap(({ value, fees }) => [
        signed(side, value.amount),
        new Decimal(fees.total.amount),
      ]),
    ),
  );
}

function filled(orders: readonly Order[]): Record<string, string> {
  const positions = new Map<string, Decimal>();
  for (const { symbol, side, executions } of orders) {
    for (const { quantity } of executions) {
      const before = positions.get(symbol) ?? new Decimal(0);
      positions.set(symbol, before.plus(signed(side, quantity)));
    }
  }
  const held = [...positions].filter(([, quantity]) => !quantity.isZero());
  return Object.fromEntries(held.map(([symbol, quantity]) => [symbol, quantity.toFixed()]));
}

export type Books = {
  readonly cash: string;
  readonly positions: Readonly<Record<string, string>>;
  readonly held: string;
  readonly reserved: string;
};

/** What accounts and holdings say. */
export async function booksOf(customer: BankClient, accountId: string): Promise<Books> {
  const { account } = await customer.ask<AccountAnswer>(accountText, { id: accountId });
  const held = account.currentHoldings.filter(({ quantity }) => !new Decimal(quantity).isZero());
  return {
    cash: new Decimal(account.balances.posted.amount).toFixed(2),
    positions: Object.fromEntries(
      held.map(({ symbol, quantity }) => [symbol, new Decimal(quantity).toFixed()]),
    ),
    held: new Decimal(account.balances.held.amount).toFixed(2),
    reserved: sum(account.currentHoldings.map(({ reserved }) => new Decimal(reserved))).toFixed(),
  };
}

/** What accounts and holdings must say if orders, the third book, is right (§2.5 rule 11). */
export function booksFrom(orders: readonly Order[], deposited: string): Books {
  return {
    cash: new Decimal(deposited).minus(spent(orders)).toFixed(2),
    positions: filled(orders),
    held: '0.00',
    reserved: '0',
  };
}
