import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type KeyReused, once } from '../../commands/once.ts';
import { auditOf, type Staff } from '../../commands/staff.ts';
import { lockAsset } from '../../data/assets.ts';
import { insertAudit } from '../../data/audit.ts';
import type { Deps } from '../../deps.ts';
import type { Asset } from '../../domain/asset.ts';
import { insertAction } from '../data/actions.ts';
import { type AnnounceRefusal, announce, type Terms } from '../domain/action.ts';

export type ActionDraft<E> = {
  readonly command: 'announceDividend' | 'announceSplit';
  /** Must be known. */
  readonly asset: Asset;
  readonly exDate: string;
  readonly terms: Result<Terms, E>;
  readonly idempotencyKey: string;
};

/**
 * Announces a dividend or a split; answers its id. Others hear of it on its ex-date. The key lives
 * for ever: money and positions follow from it.
 */
export async function announceAction<E>(
  deps: Deps,
  draft: ActionDraft<E>,
  staff: Staff,
): Promise<Result<string, Refused<E> | KeyReused>> {
  const { command, asset, exDate, terms, idempotencyKey: key } = draft;
  const input = { assetId: asset.id, exDate, terms, reason: staff.reason };
  const ask = { owner: staff.actorId, key, command, input, movesMoney: true };
  return once(deps, ask, async (tx): Promise<Result<string, Refused<E>>> => {
    const locked = await lockAsset(tx, asset.id);
    if (!locked) throw new Error(`asset ${asset.id} is gone`);
    const id = deps.newId();
    const at = { now: deps.clock.now(), hours: deps.hours };
    const announced = announce({ id, asset: locked, exDate, terms, at });
    if (!announced.ok) return refuse({ code: announced.error });
    if (!(await insertAction(tx, announced.value))) return refuse({ code: 'ALREADY_ANNOUNCED' });
    const change = { subject: id, before: null, after: announced.value };
    await insertAudit(tx, [auditOf(deps, { staff, command, change })]);
    return ok(id);
  });
}

type Refused<E> = { readonly code: E | AnnounceRefusal };
