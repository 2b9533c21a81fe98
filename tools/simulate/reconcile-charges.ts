import { Decimal } from '@simplebank/kernel/decimal';
import { feesDue, type OrderFill } from './fees.ts';
import { LawBroken } from './laws.ts';
import type { World } from './world.ts';

/** Laws about what customers are charged, and told, at rest. */

const ordersText = `
  SELECT o.id::text AS "order", o.side, o.commission_plan AS plan,
    to_char(o.commission_date, 'YYYY-MM-DD') AS created_on, o.commission_fee::text AS commission,
    o.sec_fee::text AS sec, o.taf_fee::text AS taf,
    json_agg(json_build_object('tradeDate', to_char(e.trade_date, 'YYYY-MM-DD'),
      'quantity', e.quantity::text, 'price', e.price::text) ORDER BY e.sequence) AS fills
  FROM "order" o JOIN order_event e ON e.order_id = o.id AND e.execution_id IS NOT NULL
  GROUP BY o.id`;

type Told = Readonly<Record<keyof OrderFill, string>>;
const fillOf = ({ tradeDate, quantity, price }: Told): OrderFill => ({
  ...{ tradeDate, quantity: new Decimal(quantity), price: new Decimal(price) },
});

/** Every order is charged what the tables say, to the cent. */
async function feesAgree({ grounds }: World): Promise<void> {
  for (const row of await grounds.orders.look('charged', ordersText)) {
    const due = feesDue({
      side: row['side'] === 'BUY' ? 'BUY' : 'SELL',
      ...{ plan: String(row['plan']), createdOn: String(row['created_on']) },
      fills: (row['fills'] as Told[]).map(fillOf),
    });
    for (const [kind, amount] of Object.entries(due)) {
      const charged = String(row[kind]);
      if (amount.equals(charged)) continue;
      const by = `${String(row['order'])}: ${kind} ${charged} is not ${amount.toFixed()}`;
      throw new LawBroken('4 every order is charged what the tables say', by);
    }
  }
}

/** Statement after statement: each opens with the closing before, and closes with the ledger. */
const statementsText = `
  WITH told AS (
    SELECT account_id, month, opening, closing,
      lag(closing) OVER of_account AS before,
      (to_date(month, 'YYYY-MM') + interval '1 month')::date AS ends
    FROM statement WINDOW of_account AS (PARTITION BY account_id ORDER BY month)
  ), booked AS (
    SELECT t.account_id, t.month, coalesce(sum(e.amount), 0) AS total FROM told t
    JOIN ledger_account l ON l.account_id = t.account_id AND l.kind = 'cash'
    LEFT JOIN entry e ON e.ledger_account_id = l.id AND (
      SELECT (x.at AT TIME ZONE 'America/New_York')::date FROM transaction x
      WHERE x.id = e.transaction_id) < t.ends
    GROUP BY 1, 2
  )
  SELECT '9 a statement opens with the closing before' AS law, account_id || ' ' || month AS by
    FROM told WHERE opening <> coalesce(before, 0)
  UNION ALL SELECT '9 a statement closes with the ledger', account_id || ' ' || month || ': ' ||
      t.closing || ' is not ' || b.total
    FROM told t JOIN booked b USING (account_id, month) WHERE t.closing <> b.total`;

async function statementsAgree({ grounds }: World): Promise<void> {
  const [broken] = await grounds.accounts.look('statements', statementsText);
  if (broken) throw new LawBroken(String(broken['law']), String(broken['by']));
}

export async function chargesAgree(world: World): Promise<void> {
  await feesAgree(world);
  await statementsAgree(world);
}
