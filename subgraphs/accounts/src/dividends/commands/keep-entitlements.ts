import type { Tx } from '../../data/client.ts';
import type { Deps } from '../../deps.ts';
import { keepEntitlements as keep } from '../data/entitlements.ts';
import type { Entitlement } from '../domain/dividend.ts';

/** Keeps what accounts are due, the highest version of each; they are paid on the pay date. */
export const keepEntitlements = (
  { clock }: Pick<Deps, 'clock'>,
  tx: Tx,
  told: readonly Entitlement[],
): Promise<void> => keep(tx, told, clock.now());
