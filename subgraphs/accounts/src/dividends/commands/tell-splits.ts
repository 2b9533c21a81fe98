import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { lockBalances, noPostings, noteOf, savePostings } from '../../ledger/index.ts';
import { keepSplits } from '../data/told-splits.ts';
import type { SplitNews } from '../domain/split-news.ts';

/** Tells the feed of each account by how many shares a split changed its position, once. */
export async function tellSplits(
  { clock }: Pick<Deps, 'clock'>,
  tx: Tx,
  told: readonly SplitNews[],
): Promise<void> {
  if (told.length === 0) return;
  const balances = await lockBalances(
    tx,
    told.map(({ accountId }) => accountId),
  );
  const notes = (await keepSplits(tx, told)).flatMap(({ accountId, symbol, change }) => {
    const money = balances.get(accountId);
    if (!money) throw new Error(`a split of account ${accountId}, which is not there`);
    const { currency } = money;
    if (change.isZero()) return [];
    return [
      noteOf({ kind: 'SPLIT', at: clock.now(), accountId, currency, symbol, quantity: change }),
    ];
  });
  await savePostings(tx, { ...noPostings, notes });
}
