import type { Context } from './grounds.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** What the databases tell about what happened in a run: one statement per context. */
const counted = (kinds: Readonly<Record<string, string>>): string =>
  Object.entries(kinds)
    .map(([kind, from]) => `SELECT '${kind}' AS kind, (SELECT count(*)::int FROM ${from}) AS n`)
    .join('\nUNION ALL\n');

const cancelOf = (status: string) =>
  `order_event WHERE event = 'CANCEL_ASKED' AND from_status = '${status}'`;
const change = (trigger: string) => `account_status_change WHERE trigger = '${trigger}'`;

const told = {
  orders: {
    orders: '"order"',
    fills: 'order_event WHERE execution_id IS NOT NULL',
    'partial fills': `order_event WHERE event = 'EXECUTED' AND NOT late AND to_status <> 'FILLED'`,
    'late fills': 'order_event WHERE late',
    'late fills after a cancel': `order_event WHERE late AND from_status = 'CANCELED'`,
    'rejects by the exchange': `order_event WHERE event = 'VENUE_FAILED'`,
    'orders filled': `"order" WHERE status = 'FILLED'`,
    'orders canceled': `"order" WHERE status = 'CANCELED'`,
    'orders rejected': `"order" WHERE status = 'REJECTED'`,
    'orders expired': `"order" WHERE status = 'EXPIRED'`,
    'reservations timed out': `order_event WHERE event = 'TIME_ENDED'
      AND from_status = 'RESERVING'`,
    'cancels while reserving': cancelOf('RESERVING'),
    'cancels while accepted': cancelOf('ACCEPTED'),
    'cancels while open': cancelOf('OPEN'),
    'cancels while placed': cancelOf('PLACED'),
    'cancels while partly filled': cancelOf('PARTIALLY_FILLED'),
    'cancels refused': `order_event WHERE event = 'CANCEL_REFUSED'`,
    'fills while a cancel is under way': `order_event WHERE event = 'EXECUTED'
      AND from_status = 'CANCEL_PENDING'`,
    'stops filled': `"order" WHERE type LIKE 'STOP%' AND executions > 0`,
    'immediate orders filled': `"order" WHERE time_in_force IN ('IOC', 'FOK')
      AND executions > 0`,
    sales: `"order" WHERE side = 'SELL' AND executions > 0`,
    'sales charged': '"order" WHERE sec_fee > 0 OR taf_fee > 0',
  },
  accounts: {
    'holds refused': `order_booking WHERE state = 'REFUSED'`,
    'ends before their order': `order_booking WHERE state = 'NEVER_HELD'`,
    'debts arisen': `entry e JOIN ledger_account l ON l.id = e.ledger_account_id
      WHERE l.kind = 'debt' AND e.amount < 0`,
    'debts repaid': `entry e JOIN ledger_account l ON l.id = e.ledger_account_id
      WHERE l.kind = 'debt' AND e.amount > 0`,
    deposits: `payment WHERE kind = 'DEPOSIT' AND status = 'COMPLETED'`,
    'deposits returned': 'payment WHERE returned_at IS NOT NULL',
    withdrawals: `payment WHERE kind = 'WITHDRAWAL' AND status = 'COMPLETED'`,
    'payments failed': `payment WHERE status = 'FAILED'`,
    'sales settled': `settlement_item WHERE settled_at IS NOT NULL AND side = 'SELL'`,
    statements: 'statement',
    freezes: change('FREEZE'),
    limits: `account_status_change WHERE to_status = 'LIMITED'`,
    closings: `account WHERE status = 'CLOSED'`,
    'withdrawals while frozen': `payment p WHERE kind = 'WITHDRAWAL' AND EXISTS (
      SELECT FROM account_status_change c WHERE c.account_id = p.account_id
        AND c.trigger = 'FREEZE' AND c.at BETWEEN p.created_at AND p.ended_at)`,
  },
  holdings: {
    'reservations refused': `reservation WHERE state = 'REFUSED'`,
    'shares missing': 'missing_shares',
  },
  strategies: {
    investments: 'strategy_order',
    'investments completed': `strategy_order WHERE status IN ('COMPLETED', 'COMPLETED_ADJUSTED')`,
    'parts of investments': `strategy_order_part WHERE order_status = 'FILLED'`,
  },
} satisfies Partial<Record<Context, Readonly<Record<string, string>>>>;

/** What the played parties and the crashes count for themselves. */
const seen = [
  ...['crashes mid-statement', 'crashes after a commit', 'crashes before the acknowledgement'],
  ...['restarts', 'redeliveries', 'duplicates', 'reorderings', 'losses on the way'],
  ...['outages', 'calls lost', 'answers lost', 'reports repeated'],
  ...['notices forgotten', 'notices repeated', 'bells crossed', 'months crossed'],
  ...['commands repeated'],
];

/** All that the simulation is there to make happen. */
export const kinds: readonly string[] = [...Object.values(told).flatMap(Object.keys), ...seen];

/** Adds what the databases tell at the end of a run. */
export async function countRun({ grounds, tally }: World): Promise<void> {
  for (const [context, of] of Object.entries(told)) {
    const rows = await grounds[context as Context].look('coverage', counted(of));
    for (const { kind, n } of rows) tally.count(String(kind), Number(n));
  }
}

export function addTo(total: Tally, counts: Readonly<Record<string, number>>): void {
  for (const [kind, times] of Object.entries(counts)) total.count(kind, times);
}
