import { Decimal, sum } from '@simplebank/kernel/decimal';
import type { NewId, OrderId } from '@simplebank/kernel/ids';
import type { Currency } from '@simplebank/kernel/money';
import type { KeptMatch, KeptSale } from '../domain/book.ts';
import { byMoment, type Moment } from '../domain/execution.ts';
import { grouped } from '../domain/grouped.ts';
import type { Match } from '../domain/lot.ts';
import { keyOf, type PositionKey } from '../domain/position.ts';
import type { Tx } from './client.ts';

/** The first of the executions that are being added to a position, by side. */
export type Arrival = PositionKey & {
  readonly firstBuy: Moment | null;
  readonly firstSale: Moment | null;
};

type First = PositionKey & Moment;

type Row = Omit<Record<keyof Match, string>, 'term'> & {
  id: string;
  /** The key of its position. */
  position: string;
  term: 'SHORT' | 'LONG';
  currency: string;
  at: Date;
  soldOn: string;
};

/**
 * The booked sales of each position that must be matched anew, with their matches: those later than
 * an arriving sale, or than the first sale that took shares younger than an arriving buy. Empty for
 * executions in their order, which is nearly always: two index probes a position are the cost.
 */
export async function findSalesAfter(
  tx: Tx,
  arrivals: readonly Arrival[],
): Promise<ReadonlyMap<string, KeptSale[]>> {
  const touched = await findTouchedSales(tx, arrivals);
  const firsts = arrivals.flatMap((arrival): First[] => {
    const { accountId, assetId, firstSale } = arrival;
    const moments = [...(touched.get(keyOf(arrival)) ?? []), ...(firstSale ? [firstSale] : [])];
    const [first] = moments.sort(byMoment);
    return first ? [{ accountId, assetId, ...first }] : [];
  });
  if (firsts.length === 0) return new Map();
  const byPosition = grouped(await findMatchesFrom(tx, firsts), (row) => row.position);
  return new Map([...byPosition].map(([key, list]) => [key, toSales(list)]));
}

/** Every booked sale of these positions, with the matches that hold. */
export async function findAllSales(
  tx: Tx,
  keys: readonly PositionKey[],
): Promise<ReadonlyMap<string, KeptSale[]>> {
  const firsts = keys.map(({ accountId, assetId }) => ({ accountId, assetId, ...beforeAll }));
  const byPosition = grouped(await findMatchesFrom(tx, firsts), (row) => row.position);
  return new Map([...byPosition].map(([key, list]) => [key, toSales(list)]));
}

const beforeAll: Moment = { at: new Date('0001-01-01T00:00:00.000Z'), executionId: '' };

/** The sales that took shares of lots younger than the arriving buys, by position. */
async function findTouchedSales(
  tx: Tx,
  arrivals: readonly Arrival[],
): Promise<ReadonlyMap<string, Moment[]>> {
  const buys = arrivals.flatMap(({ accountId, assetId, firstBuy }): First[] =>
    firstBuy ? [{ accountId, assetId, ...firstBuy }] : [],
  );
  if (buys.length === 0) return new Map();
  const rows = await tx.$queryRaw<(Moment & { position: string })[]>`
    /* matches.touched */
    SELECT DISTINCT sale.account_id || ':' || sale.asset_id AS position, sale.executed_at AS at,
           sale.execution_id AS "executionId"
    FROM unnest(${buys.map(({ accountId }) => accountId)}::uuid[],
                ${buys.map(({ assetId }) => assetId)}::uuid[],
                ${buys.map(({ at }) => at.toISOString())}::timestamptz[],
                ${buys.map(({ executionId }) => executionId)}::text[])
      AS buy (account_id, asset_id, at, id)
    JOIN lot ON lot.account_id = buy.account_id AND lot.asset_id = buy.asset_id
            AND lot.acquired_at >= buy.at AND lot.remaining < lot.quantity + lot.split_change
            AND (lot.acquired_at, lot.execution_id COLLATE "C") > (buy.at, buy.id)
    JOIN lot_match ON lot_match.lot_id = lot.id
    JOIN execution AS sale ON sale.order_id = lot_match.order_id
                          AND sale.execution_id = lot_match.execution_id`;
  return grouped(rows, ({ position }) => position);
}

const findMatchesFrom = (tx: Tx, firsts: readonly First[]): PromiseLike<Row[]> =>
  tx.$queryRaw<Row[]>`
    /* matches.from */
    SELECT kept.id, kept.lot_id AS "lotId", kept.order_id AS "orderId",
           kept.execution_id AS "executionId", kept.quantity::text, kept.cost::text,
           kept.buy_fee::text AS "buyFee", kept.proceeds::text, kept.sale_fee::text AS "saleFee",
           kept.gross_gain::text AS "grossGain", kept.net_gain::text AS "netGain", kept.term,
           sale.account_id || ':' || sale.asset_id AS position, sale.currency,
           sale.executed_at AS at, sale.trade_date::text AS "soldOn"
    FROM unnest(${firsts.map(({ accountId }) => accountId)}::uuid[],
                ${firsts.map(({ assetId }) => assetId)}::uuid[],
                ${firsts.map(({ at }) => at.toISOString())}::timestamptz[],
                ${firsts.map(({ executionId }) => executionId)}::text[])
      AS first (account_id, asset_id, at, id)
    JOIN execution AS sale ON sale.account_id = first.account_id
                          AND sale.asset_id = first.asset_id AND sale.side = 'SELL'
                          AND sale.executed_at >= first.at
                          AND (sale.executed_at, sale.execution_id COLLATE "C")
                              >= (first.at, first.id)
    JOIN lot_match AS kept ON kept.order_id = sale.order_id
                          AND kept.execution_id = sale.execution_id
    WHERE kept.reverses IS NULL
      AND NOT EXISTS (SELECT FROM lot_match AS reversal WHERE reversal.reverses = kept.id)`;

/** A sale is as large as its matches: shares that were missing are not among them. */
function toSales(rows: readonly Row[]): KeptSale[] {
  const bySale = grouped(rows, ({ orderId, executionId }) => `${orderId} ${executionId}`);
  return [...bySale.values()].flatMap((list) => {
    const [row] = list;
    if (!row) return [];
    const matches = list.map(toMatch);
    const sale = {
      orderId: row.orderId as OrderId,
      executionId: row.executionId,
      at: row.at,
      soldOn: row.soldOn,
      currency: row.currency as Currency,
      quantity: sum(matches.map(({ quantity }) => quantity)),
      proceeds: sum(matches.map(({ proceeds }) => proceeds)),
      fee: sum(matches.map(({ saleFee }) => saleFee)),
    };
    return [{ sale, matches }];
  });
}

const toMatch = (row: Row): KeptMatch => ({
  id: row.id,
  lotId: row.lotId,
  orderId: row.orderId as OrderId,
  executionId: row.executionId,
  quantity: new Decimal(row.quantity),
  cost: new Decimal(row.cost),
  buyFee: new Decimal(row.buyFee),
  proceeds: new Decimal(row.proceeds),
  saleFee: new Decimal(row.saleFee),
  grossGain: new Decimal(row.grossGain),
  netGain: new Decimal(row.netGain),
  term: row.term,
});

export type MatchRows = {
  readonly matched: readonly Match[];
  /** Each gets a row that names it and negates it. */
  readonly reversed: readonly KeptMatch[];
  readonly newId: NewId;
  readonly matchedAt: Date;
};

/**
 * The table is append-only: a match that holds no longer is reversed, never changed. One statement
 * with arrays: as many rows with fifteen parameters each took nearly twice as long.
 */
export async function insertMatches(tx: Tx, rows: MatchRows): Promise<void> {
  const { matched, reversed, newId, matchedAt } = rows;
  const all = [
    ...reversed.map((match) => ({ ...negated(match), reverses: match.id })),
    ...matched.map((match) => ({ ...match, reverses: null })),
  ];
  if (all.length === 0) return;
  type Text = 'lotId' | 'orderId' | 'executionId' | 'term' | 'reverses';
  const texts = (name: Text) => all.map((match) => match[name]);
  type Amount = Exclude<keyof Match, Text>;
  const values = (name: Amount) => all.map((match) => match[name].toFixed());
  await tx.$executeRaw`
    /* matches.insert */
    INSERT INTO lot_match (id, reverses, lot_id, order_id, execution_id, method, quantity, cost,
                           buy_fee, proceeds, sale_fee, gross_gain, net_gain, term, matched_at)
    SELECT id, reverses, lot_id, order_id, execution_id, 'FIFO', quantity, cost, buy_fee, proceeds,
           sale_fee, gross_gain, net_gain, term, ${matchedAt.toISOString()}::timestamptz
    FROM unnest(
      ${all.map(() => newId())}::uuid[], ${texts('reverses')}::uuid[], ${texts('lotId')}::uuid[],
      ${texts('orderId')}::uuid[], ${texts('executionId')}::text[],
      ${values('quantity')}::numeric[], ${values('cost')}::numeric[],
      ${values('buyFee')}::numeric[], ${values('proceeds')}::numeric[],
      ${values('saleFee')}::numeric[], ${values('grossGain')}::numeric[],
      ${values('netGain')}::numeric[], ${texts('term')}::text[])
      AS given (id, reverses, lot_id, order_id, execution_id, quantity, cost, buy_fee, proceeds,
                sale_fee, gross_gain, net_gain, term)`;
}

const negated = (match: KeptMatch): KeptMatch => ({
  ...match,
  quantity: match.quantity.neg(),
  cost: match.cost.neg(),
  buyFee: match.buyFee.neg(),
  proceeds: match.proceeds.neg(),
  saleFee: match.saleFee.neg(),
  grossGain: match.grossGain.neg(),
  netGain: match.netGain.neg(),
});
