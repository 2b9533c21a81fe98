import { publish } from '@simplebank/chassis/outbox';
import type { Cause } from '@simplebank/contracts/event';
import { findMonthEnds, findRealizedGains } from '../data/month-ends.ts';
import type { Deps, Tx } from '../deps.ts';
import { grouped } from '../domain/grouped.ts';
import { emptyMonth } from '../domain/month-end.ts';
import { monthClosed } from '../events/published.ts';

export type EndedMonth = {
  readonly accountId: string;
  readonly month: string;
  readonly cause: Cause;
};

/**
 * Says what accounts held when a month ended. It is asked after the end, and what is executed
 * before but comes later is not in it: a statement is written once (domain §2.8).
 */
export async function closeMonths(tx: Tx, deps: Deps, ended: readonly EndedMonth[]): Promise<void> {
  for (const [month, asked] of grouped(ended, ({ month: of }) => of)) {
    const wish = { month, accountIds: asked.map(({ accountId }) => accountId) };
    const positions = grouped(await findMonthEnds(tx, wish), ({ accountId }) => accountId);
    const gains = await findRealizedGains(tx, wish);
    const facts = asked.map(({ accountId, cause }) => {
      const empty = emptyMonth(accountId, month);
      const realizedGain = gains.get(accountId) ?? empty.realizedGain;
      const held = positions.get(accountId) ?? [];
      return monthClosed({ ...empty, realizedGain, positions: held }, cause);
    });
    await publish(tx, deps, facts);
  }
}
