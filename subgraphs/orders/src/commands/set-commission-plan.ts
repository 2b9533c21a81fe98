import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { insertAudit } from '../data/audit.ts';
import { insertPlan, lockPlan } from '../data/plans.ts';
import type { Deps, Transaction } from '../deps.ts';
import type { Account } from '../domain/account.ts';
import { type CommissionPlan, defaultPlan } from '../domain/fee-schedule.ts';
import { type Actor, auditRow } from './audit.ts';
import { once } from './once.ts';

export type PlanRefusal = 'PLAN_UNCHANGED' | 'IDEMPOTENCY_KEY_REUSED';

export type SetCommissionPlan = {
  readonly account: Account;
  readonly plan: CommissionPlan;
  readonly reason: string;
  readonly by: Actor;
  readonly idempotencyKey: string;
  readonly requestHash: string;
};

/** Counts for orders created from now on; an order keeps the plan of its creation (domain §3.5). */
export async function setCommissionPlan(
  deps: Deps,
  command: SetCommissionPlan,
): Promise<Result<null, PlanRefusal>> {
  const { by, idempotencyKey, requestHash } = command;
  const request = { customerId: by.actor, idempotencyKey, requestHash, orderId: null };
  const done = await once(deps, request, (tx) => choose(tx, deps, command));
  return done.ok ? ok(null) : done;
}

async function choose(
  tx: Transaction,
  deps: Deps,
  { account, plan, reason, by }: SetCommissionPlan,
): Promise<Result<null, 'PLAN_UNCHANGED'>> {
  const last = await lockPlan(tx, account.id);
  const before = last?.plan ?? defaultPlan;
  if (before === plan) return refuse('PLAN_UNCHANGED');
  const sequence = (last?.sequence ?? 0) + 1;
  const chosenAt = deps.clock.now();
  const choice = { accountId: account.id, sequence, plan, actorId: by.actor, reason, chosenAt };
  await insertPlan(tx, choice);
  const line = { by, command: 'setCommissionPlan', subject: account.id, reason };
  await insertAudit(tx, auditRow(deps, { ...line, before: { plan: before }, after: { plan } }));
  return ok(null);
}
