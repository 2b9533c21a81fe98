import type { Context } from './grounds.ts';
import { type Check, joined } from './laws.ts';

/**
 * A hold, or a reservation, is resolved only when all that its order had traded at its end is
 * booked. What is found may have ended twice, the second time with a late fill that is still to
 * come: then the history of the order tells (`confirmed`).
 */
export const nothingGoesBackEarly = '3 nothing goes back before what was traded is booked';

/** Laws that hold after every committed step of one context (domain §13, by number). */

const accounts = joined('laws-accounts', {
  '1 every transaction balances': `
    SELECT transaction_id FROM entry GROUP BY transaction_id, currency
    HAVING sum(amount) <> 0 OR count(*) < 2`,
  '1 posted is the sum of entries': `
    SELECT l.id FROM ledger_account l LEFT JOIN (
      SELECT ledger_account_id, sum(amount) AS total FROM entry GROUP BY 1) e
      ON e.ledger_account_id = l.id
    WHERE l.account_id IS NOT NULL AND l.posted <> coalesce(e.total, 0)`,
  '1 no customer cash below zero': `
    SELECT id FROM ledger_account WHERE kind = 'cash' AND account_id IS NOT NULL
      AND (posted - held < 0 OR held < 0 OR unsettled < 0)`,
  '2 held is the sum of open holds': `
    SELECT l.id FROM ledger_account l LEFT JOIN (
      SELECT h.ledger_account_id, sum(h.amount - coalesce(c.total, 0)) AS total FROM hold h
      LEFT JOIN (SELECT hold_id, sum(amount) AS total FROM hold_capture GROUP BY 1) c
        ON c.hold_id = h.id
      WHERE NOT EXISTS (SELECT FROM hold_resolution r WHERE r.hold_id = h.id) GROUP BY 1) o
      ON o.ledger_account_id = l.id
    WHERE l.kind = 'cash' AND l.account_id IS NOT NULL AND l.held <> coalesce(o.total, 0)`,
  '3 released and captured is held': `
    SELECT h.id FROM hold h JOIN hold_resolution r ON r.hold_id = h.id WHERE h.amount <>
      r.amount + (SELECT coalesce(sum(c.amount), 0) FROM hold_capture c WHERE c.hold_id = h.id)`,
  '8 unsettled is the sum of open sales': `
    SELECT l.id FROM ledger_account l LEFT JOIN (
      SELECT ledger_account_id, sum(net) AS total FROM settlement_item
      WHERE settled_at IS NULL GROUP BY 1) s ON s.ledger_account_id = l.id
    WHERE l.kind = 'cash' AND l.account_id IS NOT NULL AND l.unsettled <> coalesce(s.total, 0)`,
  [nothingGoesBackEarly]: `
    SELECT b.order_id || ' ' || b.booked FROM hold h JOIN hold_resolution r ON r.hold_id = h.id
    JOIN order_booking b ON b.order_id::text = h.reference
    WHERE h.purpose = 'ORDER' AND b.booked < coalesce(b.end_executions, b.booked + 1)`,
});

const orders = joined('laws-orders', {
  '3 the hold covers cost and fee': `
    SELECT id FROM "order" WHERE side = 'BUY'
      AND filled_value + commission_fee + sec_fee + taf_fee > hold_amount`,
  '4 value is rounded once, on the running total': `
    SELECT id FROM "order" WHERE filled_value <> round(filled_gross, 2)`,
  '6 the row is the replay of its events': `
    SELECT o.id FROM "order" o LEFT JOIN (
      SELECT order_id, max(sequence) AS version, count(execution_id) AS executions,
        sum(quantity) AS quantity, sum(quantity * price) AS gross, sum(value) AS value,
        sum(commission_fee) AS commission, sum(sec_fee) AS sec, sum(taf_fee) AS taf,
        (array_agg(to_status ORDER BY sequence DESC))[1] AS status
      FROM order_event GROUP BY 1) e ON e.order_id = o.id
    WHERE (o.version, o.status, o.executions, o.filled_quantity, o.filled_gross, o.filled_value,
        o.commission_fee, o.sec_fee, o.taf_fee) IS DISTINCT FROM
      (coalesce(e.version, 1), coalesce(e.status, o.status), coalesce(e.executions, 0),
        coalesce(e.quantity, 0), coalesce(e.gross, 0), coalesce(e.value, 0),
        coalesce(e.commission, 0), coalesce(e.sec, 0), coalesce(e.taf, 0))`,
  '6 each event begins where the one before ended': `
    SELECT order_id FROM (SELECT order_id, from_status,
      lag(to_status) OVER (PARTITION BY order_id ORDER BY sequence) AS before
      FROM order_event) e WHERE before IS NOT NULL AND before <> from_status`,
  'nothing is filled beyond the order': `
    SELECT id FROM "order" WHERE filled_quantity > quantity OR filled_gross > trade_value`,
});

const holdings = joined('laws-holdings', {
  '2 reserved is the sum of open reservations': `
    SELECT p.account_id FROM position p LEFT JOIN (
      SELECT account_id, asset_id, sum(quantity - consumed - released) AS total
      FROM reservation WHERE state = 'RESERVED' GROUP BY 1, 2) r
      ON r.account_id = p.account_id AND r.asset_id = p.asset_id
    WHERE p.reserved <> coalesce(r.total, 0)`,
  '5 position is the sum of lots, and so is its cost': `
    SELECT p.account_id FROM position p LEFT JOIN (
      SELECT account_id, asset_id, sum(remaining) AS quantity, sum(remaining_cost) AS cost
      FROM lot GROUP BY 1, 2) l ON l.account_id = p.account_id AND l.asset_id = p.asset_id
    WHERE p.quantity <> coalesce(l.quantity, 0) OR p.cost <> coalesce(l.cost, 0)`,
  '5 position is the sum of fills': `
    SELECT p.account_id FROM position p LEFT JOIN (
      SELECT e.account_id, e.asset_id,
        sum(CASE WHEN side = 'BUY' THEN e.quantity ELSE coalesce(m.quantity, 0) - e.quantity END)
          AS quantity
      FROM execution e LEFT JOIN missing_shares m USING (order_id, execution_id) GROUP BY 1, 2) e
      ON e.account_id = p.account_id AND e.asset_id = p.asset_id
    WHERE p.quantity <> coalesce(e.quantity, 0)`,
  '5 cost is conserved to the cent': `
    SELECT l.id FROM lot l LEFT JOIN (
      SELECT lot_id, sum(quantity) AS quantity, sum(cost) AS cost, sum(buy_fee) AS fee
      FROM lot_match GROUP BY 1) m ON m.lot_id = l.id
    WHERE (l.quantity, l.cost, l.fee) IS DISTINCT FROM (l.remaining + coalesce(m.quantity, 0),
      l.remaining_cost + coalesce(m.cost, 0), l.remaining_fee + coalesce(m.fee, 0))`,
  // An order that came after its own end has never reserved anything.
  [nothingGoesBackEarly]: `
    SELECT order_id || ' ' || booked FROM (SELECT r.order_id, r.awaited, (
        SELECT count(*) FROM execution e WHERE e.order_id = r.order_id) AS booked
      FROM reservation r WHERE r.state = 'ENDED' AND EXISTS (SELECT FROM outbox_event o
        WHERE o.type = 'holdings.position-reserved.v1' AND o.aggregate_id = r.order_id::text)) r
    WHERE booked < awaited`,
});

const market = joined('laws-market', {
  'the venue fills no more than was ordered': `
    SELECT v.order_id FROM venue_order v JOIN (
      SELECT order_id, sum(quantity) AS quantity FROM execution GROUP BY 1) e USING (order_id)
    WHERE e.quantity > v.quantity`,
});

const strategies = joined('laws-strategies', {
  '7 parts and cash are the amount': `
    SELECT o.id FROM strategy_order o JOIN (
      SELECT strategy_order_id, sum(amount) AS amount FROM strategy_order_part GROUP BY 1) p
      ON p.strategy_order_id = o.id
    WHERE o.amount <> p.amount + coalesce(o.cash_amount, 0)`,
});

export const lawsOf: Readonly<Partial<Record<Context, Check>>> = {
  accounts,
  orders,
  holdings,
  market,
  strategies,
};
