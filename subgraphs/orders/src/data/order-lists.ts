import type { OrderFilter } from '../domain/filter.ts';
import type { Order } from '../domain/order.ts';
import type { Place } from '../domain/page.ts';
import { openStatuses } from '../domain/status.ts';
import { Prisma, type Transaction } from './client.ts';
import { grouped, type OrderRow, orderColumns, toOrder } from './order-rows.ts';

/** The newest orders of each account, at most `max` each, in one read. */
export async function findNewestOrders(
  tx: Transaction,
  accountIds: readonly string[],
  max: number,
): Promise<Order[][]> {
  const rows = await tx.$queryRaw<OrderRow[]>`
    /* orders.newest-of-accounts */ SELECT newest.*
    FROM unnest(${[...accountIds]}::uuid[]) AS asked(id)
    CROSS JOIN LATERAL (
      SELECT ${orderColumns} FROM "order" o WHERE o.account_id = asked.id
      ORDER BY o.created_at DESC, o.id DESC LIMIT ${max}
    ) newest
    ORDER BY newest."createdAt" DESC, newest.id DESC`;
  const byAccount = grouped(rows, ({ accountId }) => accountId);
  return accountIds.map((id) => (byAccount.get(id) ?? []).map(toOrder));
}

export type PageAsked = {
  readonly accountIds: readonly string[];
  /** The accounts that these own are meant too. */
  readonly customerIds: readonly string[];
  readonly filter: OrderFilter;
  readonly after: Place | null;
  readonly max: number;
};

/** Newest first over all accounts, those after the place; no account is read past its page. */
export async function findOrdersPage(tx: Transaction, asked: PageAsked): Promise<Order[]> {
  const rows = await tx.$queryRaw<OrderRow[]>(pageStatement(asked));
  return rows.map(toOrder);
}

/** Exported for the test that looks at its plans. */
export function pageStatement({ accountIds, customerIds, filter, after, max }: PageAsked) {
  const owned = Prisma.sql`UNION SELECT id FROM account
      WHERE owner_ids && ${[...customerIds]}::uuid[]`;
  return Prisma.sql`
    /* orders.page-of-accounts */ SELECT newest.*
    FROM (SELECT unnest(${[...accountIds]}::uuid[]) AS id
      ${customerIds.length > 0 ? owned : Prisma.empty}) AS asked
    CROSS JOIN LATERAL (
      SELECT ${orderColumns} FROM "order" o
      WHERE ${Prisma.join([...conditions(filter), ...below(after)], ' AND ')}
      ORDER BY o.created_at DESC, o.id DESC LIMIT ${max}
    ) newest
    ORDER BY newest."createdAt" DESC, newest.id DESC LIMIT ${max}`;
}

const below = (after: Place | null): Prisma.Sql[] =>
  after ? [Prisma.sql`(o.created_at, o.id) < (${after.at}::timestamptz, ${after.id}::uuid)`] : [];

/** Spelled out: a partial index serves no statement that hides the states in a parameter. */
const isOpen = Prisma.raw(`o.status IN (${openStatuses.map((name) => `'${name}'`).join(', ')})`);

function conditions(filter: OrderFilter): Prisma.Sql[] {
  const { statuses, openOnly, side, type, assetId, from, to, strategyOrderId } = filter;
  return [
    Prisma.sql`o.account_id = asked.id`,
    ...(openOnly ? [isOpen] : []),
    ...(statuses ? [Prisma.sql`o.status = ANY(${[...statuses]}::text[])`] : []),
    ...(side ? [Prisma.sql`o.side = ${side}`] : []),
    ...(type ? [Prisma.sql`o.type = ${type}`] : []),
    ...(assetId ? [Prisma.sql`o.asset_id = ${assetId}::uuid`] : []),
    ...(from ? [Prisma.sql`o.created_at >= ${from}::timestamptz`] : []),
    ...(to ? [Prisma.sql`o.created_at < ${to}::timestamptz`] : []),
    ...(strategyOrderId ? [Prisma.sql`o.strategy_order_id = ${strategyOrderId}::uuid`] : []),
  ];
}
