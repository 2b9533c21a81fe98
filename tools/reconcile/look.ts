import type { Subscriber } from '@simplebank/contracts/subscriptions';
import { Decimal } from '@simplebank/kernel/decimal';
import { type AccountFacts, accountFindings } from './account-laws.ts';
import { copyFindings, type Described } from './copy-laws.ts';
import type { Feeds } from './feeds.ts';
import type { Finding } from './finding.ts';
import { type OrderFacts, orderFindings } from './order-laws.ts';

type Ids = readonly string[];

function grouped<Row>(rows: readonly Row[], idOf: (row: Row) => string) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(idOf(row));
    if (group) group.push(row);
    else groups.set(idOf(row), [row]);
  }
  return (id: string): readonly Row[] => groups.get(id) ?? [];
}

const ofOrder = ({ orderId }: { readonly orderId: string }): string => orderId;
const ofAccount = ({ accountId }: { readonly accountId: string }): string => accountId;
const ofId = ({ id }: { readonly id: string }): string => id;

/** Effects are read before their causes: an effect without a cause is never a matter of timing. */
export async function lookAtOrders(feeds: Feeds, ids: Ids): Promise<Finding[]> {
  const [money, shares] = await Promise.all([
    feeds.accounts.ordersOf(ids),
    feeds.holdings.ordersOf(ids),
  ]);
  const orders = await feeds.orders.ordersOf(ids);
  const reported = grouped(await feeds.market.executionsOf(ids), ofOrder);
  const terms = grouped(orders.terms, ofOrder);
  const executions = grouped(orders.executions, ofOrder);
  const moneyOf = grouped(money.executions, ofOrder);
  const holds = grouped(money.holds, ofOrder);
  const sharesOf = grouped(shares.executions, ofOrder);
  const reservations = grouped(shares.reservations, ofOrder);
  const remembered = grouped(money.remembered, ofOrder);
  const factsOf = (orderId: string): OrderFacts => ({
    orderId,
    terms: terms(orderId)[0] ?? null,
    reported: reported(orderId),
    executions: executions(orderId),
    money: moneyOf(orderId),
    shares: sharesOf(orderId),
    holds: holds(orderId),
    reservations: reservations(orderId),
    remembered: remembered(orderId)[0] ?? null,
  });
  return ids.flatMap((id) => orderFindings(factsOf(id)));
}

type Copies = {
  readonly kind: 'account' | 'asset';
  readonly owner: Subscriber;
  readonly ids: Ids;
  readonly masters: readonly Described[];
  readonly held: Readonly<Partial<Record<Subscriber, readonly Described[]>>>;
};

function copiesFindings({ kind, owner, ids, masters, held }: Copies): Finding[] {
  const masterOf = grouped(masters, ofId);
  return Object.entries(held).flatMap(([holder, copies]) => {
    const copyOf = grouped(copies, ofId);
    return ids.flatMap((id) =>
      copyFindings({
        ...{ kind, owner, id, holder: holder as Subscriber },
        master: masterOf(id)[0] ?? null,
        copy: copyOf(id)[0] ?? null,
      }),
    );
  });
}

type Unpaid = { readonly accountId: string; readonly cost: string };

/** What executions cost, by orders, that accounts has left to staff; there are hardly ever any. */
async function unpaidCosts(
  feeds: Feeds,
  unpaid: Awaited<ReturnType<Feeds['accounts']['accountsOf']>>['unpaid'],
): Promise<Unpaid[]> {
  if (unpaid.length === 0) return [];
  const { executions } = await feeds.orders.ordersOf(unpaid.map(ofOrder));
  const nameOf = (one: { readonly orderId: string; readonly executionId: string }) =>
    `${one.orderId} ${one.executionId}`;
  const costOf = grouped(executions, nameOf);
  return unpaid.flatMap((one) =>
    costOf(nameOf(one)).map(({ value, fees }) => ({
      accountId: one.accountId,
      cost: new Decimal(value).plus(fees).toFixed(),
    })),
  );
}

/** Positions that accounts and strategies remember, against holdings. */
async function lookAtPositions(
  feeds: Feeds,
  accountIds: Ids,
  held: Readonly<Partial<Record<Subscriber, readonly Described[]>>>,
): Promise<Finding[]> {
  const copies = Object.entries(held).flatMap(([holder, all]) =>
    all.map((copy) => ({ holder: holder as Subscriber, copy })),
  );
  if (copies.length === 0) return [];
  const masterOf = grouped(await feeds.holdings.positionMasters(accountIds), ofId);
  return copies.flatMap(({ holder, copy }) =>
    copyFindings({
      ...{ kind: 'position', owner: 'holdings', holder, id: copy.id, copy },
      master: masterOf(copy.id)[0] ?? null,
    }),
  );
}

export async function lookAtAccounts(feeds: Feeds, ids: Ids): Promise<Finding[]> {
  const [money, shares] = await Promise.all([
    feeds.accounts.accountsOf(ids),
    feeds.holdings.accountsOf(ids),
  ]);
  const orders = await feeds.orders.accountsOf(ids);
  const strategies = await feeds.strategies.accountCopies(ids);
  const notifications = await feeds.notifications.accountCopies(ids);
  const remembered = await feeds.strategies.positionCopies(ids);
  const masters = await feeds.accounts.mastersOf(ids);
  const moneyOf = grouped(money.money, ofAccount);
  const unpaid = grouped(await unpaidCosts(feeds, money.unpaid), ofAccount);
  const trades = grouped(orders.trades, ofAccount);
  const bought = grouped(orders.shares, ofAccount);
  const held = grouped(shares.shares, ofAccount);
  const reckoned = grouped(shares.cash, ofAccount);
  const due = grouped(shares.dividends, ofAccount);
  const told = grouped(money.dividends, ofAccount);
  const factsOf = (accountId: string): AccountFacts => ({
    accountId,
    money: moneyOf(accountId)[0] ?? null,
    trades: trades(accountId)[0] ?? null,
    unpaid: unpaid(accountId).map(({ cost }) => cost),
    bought: bought(accountId),
    held: held(accountId),
    reckoned: reckoned(accountId)[0] ?? null,
    due: due(accountId),
    told: told(accountId),
  });
  const copies = { orders: orders.copies, holdings: shares.copies, strategies, notifications };
  return [
    ...ids.flatMap((id) => accountFindings(factsOf(id))),
    ...copiesFindings({ kind: 'account', owner: 'accounts', ids, masters, held: copies }),
    ...(await lookAtPositions(feeds, ids, { accounts: money.positions, strategies: remembered })),
  ];
}

export async function lookAtAssets(feeds: Feeds, ids: Ids): Promise<Finding[]> {
  const [orders, holdings, strategies, market] = await Promise.all([
    feeds.orders.assetCopies(ids),
    feeds.holdings.assetCopies(ids),
    feeds.strategies.assetCopies(ids),
    feeds.market.assetCopies(ids),
  ]);
  const masters = await feeds.assets.mastersOf(ids);
  const held = { orders, holdings, strategies, market };
  return copiesFindings({ kind: 'asset', owner: 'assets', ids, masters, held });
}
