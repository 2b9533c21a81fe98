import { Decimal, zero } from '@simplebank/kernel/decimal';
import { LawBroken } from './laws.ts';
import type { World } from './world.ts';

/** Laws that no one database can hold (domain §2.5 rule 11): context against context at rest. */

type Sums = Map<string, Decimal>;

const text = (value: unknown): string => String(value);
const amount = (value: unknown): Decimal => new Decimal(text(value));

function add(sums: Sums, key: string, more: Decimal): void {
  sums.set(key, (sums.get(key) ?? zero).plus(more));
}

function same(law: string, one: Sums, other: Sums): void {
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(key) ?? zero, other.get(key) ?? zero];
    if (!a.equals(b)) throw new LawBroken(law, `${key}: ${a.toFixed()} is not ${b.toFixed()}`);
  }
}

const cashText = `SELECT account_id::text AS account, sum(posted)::text AS amount
  FROM ledger_account WHERE account_id IS NOT NULL GROUP BY 1`;
const paidText = `SELECT account_id::text AS account,
  sum(CASE kind WHEN 'DEPOSIT' THEN amount ELSE -amount END)::text AS amount
  FROM payment WHERE status = 'COMPLETED' GROUP BY 1`;
const tradedText = `SELECT account_id::text AS account, sum(CASE side WHEN 'BUY' THEN -filled_value
  ELSE filled_value END - commission_fee - sec_fee - taf_fee)::text AS amount
  FROM "order" GROUP BY 1`;

/** Cash and debt = deposits − withdrawals − net buys − fees. */
async function cashAgrees({ grounds }: World): Promise<void> {
  const cash: Sums = new Map();
  const reasons: Sums = new Map();
  for (const row of await grounds.accounts.look('cash', cashText)) {
    add(cash, text(row['account']), amount(row['amount']));
  }
  for (const row of await grounds.accounts.look('paid', paidText)) {
    add(reasons, text(row['account']), amount(row['amount']));
  }
  for (const row of await grounds.orders.look('traded', tradedText)) {
    add(reasons, text(row['account']), amount(row['amount']));
  }
  same('cash is deposits, less withdrawals, net buys and fees', cash, reasons);
}

const positionText = `SELECT account_id::text AS account, asset_id::text AS asset,
  (p.quantity - coalesce((SELECT sum(m.quantity) FROM missing_shares m
    WHERE m.account_id = p.account_id AND m.asset_id = p.asset_id), 0))::text AS amount
  FROM position p`;
const orderText = `SELECT id::text, account_id::text AS account, asset_id::text AS asset,
  side, filled_quantity::text AS amount, filled_gross::text AS gross FROM "order"`;

/** What the exchange did = what orders recorded = what holdings keeps. */
async function positionsAgree({ grounds, exchange }: World): Promise<void> {
  const kept: Sums = new Map();
  const ordered: Sums = new Map();
  const [filled, gross]: [Sums, Sums] = [new Map(), new Map()];
  const [traded, paid]: [Sums, Sums] = [new Map(), new Map()];
  for (const row of await grounds.holdings.look('positions', positionText)) {
    add(kept, `${text(row['account'])}/${text(row['asset'])}`, amount(row['amount']));
  }
  for (const row of await grounds.orders.look('orders', orderText)) {
    const quantity = amount(row['amount']);
    const signed = row['side'] === 'BUY' ? quantity : quantity.negated();
    add(ordered, `${text(row['account'])}/${text(row['asset'])}`, signed);
    add(filled, text(row['id']), quantity);
    add(gross, text(row['id']), amount(row['gross']));
  }
  for (const { orderId, quantity, price } of exchange.fills()) {
    add(traded, orderId, quantity);
    add(paid, orderId, quantity.times(price));
  }
  same('every fill of the exchange is in its order, once', filled, traded);
  same('every fill is at its price', gross, paid);
  same('5 positions are the sum of fills', kept, ordered);
}

const capturedText = `SELECT h.reference AS "order", c.amount::text AS amount FROM hold h
  JOIN hold_capture c ON c.hold_id = h.id WHERE h.purpose = 'ORDER'`;
const anewText = `SELECT h.reference AS execution FROM hold h WHERE h.purpose = 'LATE_FILL'`;
const costText = `SELECT order_id::text AS "order", execution_id AS execution, late,
  (e.value + e.commission_fee + e.sec_fee + e.taf_fee)::text AS amount
  FROM order_event e JOIN "order" o ON o.id = order_id
  WHERE execution_id IS NOT NULL AND o.side = 'BUY'`;

/** What an order pays before its end comes from its own hold, which was there for it. */
async function holdsAgree({ grounds }: World): Promise<void> {
  const [captured, cost]: [Sums, Sums] = [new Map(), new Map()];
  const anew = await grounds.accounts.look('anew', anewText);
  const heldAnew = new Set(anew.map(({ execution }) => text(execution)));
  for (const row of await grounds.accounts.look('captured', capturedText)) {
    add(captured, text(row['order']), amount(row['amount']));
  }
  const late = new Set<string>();
  for (const row of await grounds.orders.look('cost', costText)) {
    const order = text(row['order']);
    if (row['late']) late.add(order);
    if (!row['late'] && heldAnew.has(`${order}:${text(row['execution'])}`)) {
      throw new LawBroken('3 an order pays from its own hold', `${order} held anew before its end`);
    }
    add(cost, order, amount(row['amount']));
  }
  // What came after the end may have found the hold still there, or gone.
  for (const order of late) [captured, cost].map((sums) => sums.delete(order));
  same('3 an order pays from its own hold', captured, cost);
}

export async function reconcile(world: World): Promise<void> {
  await positionsAgree(world);
  await cashAgrees(world);
  await holdsAgree(world);
}
