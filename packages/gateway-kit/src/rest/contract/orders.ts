import { z } from 'zod';
import { notFound, restRoute } from '../rest.ts';
import {
  decimalShown,
  idShown,
  idText,
  instantShown,
  listOf,
  pageSize,
  shownId,
  uuidShown,
} from '../rest-fields.ts';

const cursorCharsMax = 500;

type Money = { readonly amount: string };
type Order = {
  readonly id: string;
  readonly account: { readonly id: string; readonly number: string } | null;
  readonly asset: { readonly id: string } | null;
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly status: string;
  readonly code: string | null;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly amount: Money | null;
  readonly limitPrice: Money | null;
  readonly stopPrice: Money | null;
  readonly averagePrice: Money | null;
  readonly fees: { readonly total: Money };
  readonly createdAt: string;
};
type OrdersData = {
  readonly orders: {
    readonly nodes: readonly Order[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

const orderShown = z.object({
  id: uuidShown,
  accountId: idShown.nullable().describe('Null while accounts does not answer.'),
  assetId: uuidShown.nullable(),
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  type: z.string(),
  status: z.string(),
  code: z.string().nullable().describe('Why it ended as it did.'),
  quantity: decimalShown,
  filledQuantity: decimalShown,
  amount: decimalShown.nullable().describe('The money asked for, of an order by amount.'),
  limitPrice: decimalShown.nullable(),
  stopPrice: decimalShown.nullable(),
  averagePrice: decimalShown.nullable(),
  fees: decimalShown,
  createdAt: instantShown,
});

const query = z.object({
  customerIds: listOf(idText, 'customers').describe(
    'At most 100 customers, UUIDs or numbers, with commas between them.',
  ),
  size: pageSize,
  after: z.string().min(1).max(cursorCharsMax).optional().describe('`next` of the page before.'),
});

const isNumber = (id: string) => /^\d+$/.test(id);

/** Orders knows customers by UUID: numbers are looked up before, and one that fails fails all. */
function withUuids<T extends { readonly customerIds: readonly string[] }>(
  data: Readonly<Record<string, unknown>>,
  input: T,
): T {
  const found = data['customersNamed'] as readonly ({ readonly id: string } | null)[];
  const known = found.flatMap((customer) => customer?.id ?? []);
  if (known.length < found.length) throw notFound('customer', 'customerIds');
  return { ...input, customerIds: [...new Set(known)] };
}

/** GET /orders: of all these customers, newest first. Staff name anybody, customers themselves. */
export const orders = restRoute({
  name: 'listOrders',
  title: 'Orders of customers, newest first',
  method: 'GET',
  path: '/orders',
  access: 'signed-in',
  query,
  lookup: {
    operation: `
      query RestCustomersNamed($ids: [ID!]!) { customersNamed(ids: $ids) { id } }
    `,
    variables: ({ customerIds }) => (customerIds.some(isNumber) ? { ids: customerIds } : null),
    found: withUuids,
  },
  operation: `
    query RestOrders($customerIds: [ID!]!, $first: Int!, $after: String) {
      orders(customerIds: $customerIds, first: $first, after: $after) {
        nodes {
          id account { id number } asset { id } symbol side type status code
          quantity filledQuantity amount { amount } limitPrice { amount } stopPrice { amount }
          averagePrice { amount } fees { total { amount } } createdAt
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  `,
  variables: ({ customerIds, size, after }) => ({ customerIds, first: size, after: after ?? null }),
  success: {
    status: 200,
    description: 'A page of orders; `next` continues it.',
    schema: z.object({
      items: z.array(orderShown),
      size: z.int().positive(),
      next: z.string().nullable(),
    }),
  },
  errors: [404],
  answer: ({ orders: { nodes, pageInfo } }: OrdersData, { input: { size } }) => ({
    status: 200,
    body: {
      items: nodes.map(shown),
      size,
      next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    },
  }),
});

const amountOf = (money: Money | null) => money?.amount ?? null;

const shown = (order: Order) => ({
  id: order.id,
  accountId: order.account && shownId(order.account.number, order.account.id),
  assetId: order.asset?.id ?? null,
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  status: order.status,
  code: order.code,
  quantity: order.quantity,
  filledQuantity: order.filledQuantity,
  amount: amountOf(order.amount),
  limitPrice: amountOf(order.limitPrice),
  stopPrice: amountOf(order.stopPrice),
  averagePrice: amountOf(order.averagePrice),
  fees: order.fees.total.amount,
  createdAt: order.createdAt,
});
