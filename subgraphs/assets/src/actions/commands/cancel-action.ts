import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { type KeyReused, once } from '../../commands/once.ts';
import { auditOf, type Staff } from '../../commands/staff.ts';
import { insertAudit } from '../../data/audit.ts';
import type { Deps } from '../../deps.ts';
import { lockAction, saveStates } from '../data/actions.ts';
import { type CancelRefusal, cancel } from '../domain/action.ts';

type Refused = { readonly code: CancelRefusal };
export type CancelOrder = { readonly actionId: string; readonly idempotencyKey: string };

/** Takes back an announcement, which must be known, before its ex-date begins. */
export async function cancelAction(
  deps: Deps,
  { actionId, idempotencyKey: key }: CancelOrder,
  staff: Staff,
): Promise<Result<string, Refused | KeyReused>> {
  const command = 'cancelCorporateAction';
  const input = { actionId, reason: staff.reason };
  const ask = { owner: staff.actorId, key, command, input, movesMoney: true };
  return once(deps, ask, async (tx): Promise<Result<string, Refused>> => {
    const before = await lockAction(tx, actionId);
    if (!before) throw new Error(`corporate action ${actionId} is gone`);
    const canceled = cancel(before);
    if (!canceled.ok) return refuse({ code: canceled.error });
    await saveStates(tx, [canceled.value], deps.clock.now());
    const change = { subject: actionId, before, after: canceled.value };
    await insertAudit(tx, [auditOf(deps, { staff, command, change })]);
    return ok(actionId);
  });
}
