import { inOrder, type Rebased } from '../domain/split.ts';
import type { Transaction } from './client.ts';
import { toRebasing } from './entry-rows.ts';
import { grouped } from './order-rows.ts';

/** What splits did to these orders, asked after they are locked. */
export async function findRebased(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, Rebased>> {
  const rows = await tx.orderEvent.findMany({
    where: { orderId: { in: [...orderIds] }, event: 'REBASED' },
    orderBy: { sequence: 'asc' },
  });
  const byOrder = grouped(rows, ({ orderId }) => orderId);
  return new Map(
    [...byOrder].flatMap(([orderId, lines]) => {
      const rebasings = lines.flatMap((line) => toRebasing(line) ?? []);
      const [first] = rebasings;
      if (!first) return [];
      const rebased: Rebased = {
        origin: first.before,
        splits: inOrder(rebasings.map(({ split }) => split)),
        goesOn: rebasings.every(({ goesOn }) => goesOn),
      };
      return [[orderId, rebased] as const];
    }),
  );
}
