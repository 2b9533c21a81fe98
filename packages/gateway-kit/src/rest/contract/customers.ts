import { z } from 'zod';
import { notFound, restRoute } from '../rest.ts';
import { idShown, idText, pageSize, shownId, uuidShown } from '../rest-fields.ts';

type Customer = {
  readonly id: string;
  readonly number: string | null;
  readonly name: string;
  readonly email: string;
  readonly verification: { readonly status: string } | null;
};
type Page = {
  readonly items: readonly Customer[];
  readonly page: number;
  readonly size: number;
  readonly total: number;
};

const customerShown = z.object({
  id: idShown,
  uuid: uuidShown,
  name: z.string(),
  email: z.string(),
  verification: z.string().nullable().describe('How far the bank knows the customer.'),
});

const pageMax = 100_000;

/** GET /customers: all customers by number, for staff. */
export const customers = restRoute({
  name: 'listCustomers',
  title: 'All customers, by page',
  method: 'GET',
  path: '/customers',
  access: ['support', 'operations'],
  query: z.object({
    page: z.coerce.number().int().min(1).max(pageMax).default(1).describe('Counted from 1.'),
    size: pageSize,
  }),
  operation: `
    query RestCustomers($page: Int!, $size: Int!) {
      customers(page: $page, size: $size) {
        items { id number name email verification { status } } page size total
      }
    }
  `,
  variables: ({ page, size }) => ({ page, size }),
  success: {
    status: 200,
    description: 'Customers by number.',
    schema: z.object({
      items: z.array(customerShown),
      page: z.int().positive(),
      size: z.int().positive(),
      total: z.int().nonnegative(),
    }),
  },
  answer: ({ customers: { items, page, size, total } }: { readonly customers: Page }) => ({
    status: 200,
    body: { items: items.map(shown), page, size, total },
  }),
});

const shown = ({ id, number, name, email, verification }: Customer) => ({
  id: shownId(number, id),
  uuid: id,
  name,
  email,
  verification: verification?.status ?? null,
});

type Named = { readonly id: string; readonly name: string };

/** GET /profile/{uuid}: where the caller is seen, and what a customer is called. Own, or staff. */
export const profile = restRoute({
  name: 'getProfile',
  title: 'Settings of a customer',
  method: 'GET',
  path: '/profile/{uuid}',
  access: 'signed-in',
  pathParameters: z.object({ uuid: idText }),
  operation: `
    query RestProfile($ids: [ID!]!) { customersNamed(ids: $ids) { id name } }
  `,
  variables: ({ uuid }) => ({ ids: [uuid] }),
  fieldNames: { ids: 'uuid' },
  success: {
    status: 200,
    description: "The caller's address, and the customer's settings.",
    schema: z.object({
      ip: z.object({ ip: z.string().describe('Where this request came from.') }),
      settings: z.object({ settings: z.object({ name: z.string(), uuid: uuidShown }) }),
    }),
  },
  errors: [404],
  answer: ({ customersNamed }: { readonly customersNamed: readonly (Named | null)[] }, { ip }) => {
    const [customer] = customersNamed;
    if (!customer) throw notFound('customer', 'uuid');
    const settings = { name: customer.name, uuid: customer.id };
    return { status: 200, body: { ip: { ip }, settings: { settings } } };
  },
});
