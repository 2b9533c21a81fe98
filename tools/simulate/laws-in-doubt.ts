import type { Grounds, Row } from './grounds.ts';
import { nothingGoesBackEarly } from './laws-of-contexts.ts';

/** What every order had traded when it ended; what is told after that is late. */
const endsText = `
  SELECT o.id::text AS "order", o.status IN
      ('FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'FAILED') AS ended,
    (SELECT count(*)::int FROM order_event e
      WHERE e.order_id = o.id AND e.execution_id IS NOT NULL AND NOT e.late) AS executions
  FROM "order" o`;

/**
 * Without those that only look broken: a late fill gives its order a second end, which may be heard
 * before the fill. The order itself knows what it had traded at its first end.
 */
export async function confirmed(grounds: Grounds, rows: readonly Row[]): Promise<readonly Row[]> {
  if (!rows.some(({ law }) => law === nothingGoesBackEarly)) return rows;
  const ends = await grounds.orders.look('ends', endsText);
  const known = new Map(ends.map((end) => [String(end['order']), end]));
  return rows.filter(({ law, by }) => {
    if (law !== nothingGoesBackEarly) return true;
    const [order = '', booked] = String(by).split(' ');
    const end = known.get(order);
    return !end?.['ended'] || Number(booked) < Number(end['executions']);
  });
}
