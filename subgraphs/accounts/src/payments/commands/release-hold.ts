import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { findHolds, lockBalances, noPostings, resolve, savePostings } from '../../ledger/index.ts';
import type { Payment } from '../domain/payment.ts';

export type Release = { readonly payment: Payment; readonly expired: boolean };

/** Gives back what a withdrawal held; nothing to do for a deposit or a second time. */
export async function releaseHold(
  { clock }: Deps,
  tx: Tx,
  { payment, expired }: Release,
): Promise<void> {
  if (payment.kind === 'DEPOSIT') return;
  await lockBalances(tx, [payment.accountId]);
  const holds = await findHolds(tx, { purpose: 'WITHDRAWAL', references: [payment.id] });
  const hold = holds.get(payment.id);
  if (!hold || hold.ended) return;
  const resolution = resolve(hold, { at: clock.now(), expired });
  await savePostings(tx, { ...noPostings, resolutions: [resolution] });
}
