import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { insertAudit } from '../data/audit.ts';
import { findException, insertResolution } from '../data/exceptions.ts';
import type { Deps, Transaction } from '../deps.ts';
import type { OrderException } from '../domain/exception.ts';
import { type Actor, auditRow } from './audit.ts';
import { once } from './once.ts';

export type ResolveRefusal = 'ALREADY_RESOLVED' | 'IDEMPOTENCY_KEY_REUSED';

export type ResolveException = {
  readonly exception: OrderException;
  readonly reason: string;
  readonly by: Actor;
  readonly idempotencyKey: string;
  readonly requestHash: string;
};

/** Says once what was done about an exception; the exception itself and its order never change. */
export async function resolveException(
  deps: Deps,
  command: ResolveException,
): Promise<Result<OrderException, ResolveRefusal>> {
  const { exception, by, idempotencyKey, requestHash } = command;
  const { orderId } = exception;
  const request = { customerId: by.actor, idempotencyKey, requestHash, orderId };
  const done = await once(deps, request, (tx) => resolve(tx, deps, command));
  if (!done.ok) return done;
  return ok((await findException(deps.db, exception.id)) ?? exception);
}

async function resolve(
  tx: Transaction,
  deps: Deps,
  { exception, reason, by }: ResolveException,
): Promise<Result<null, 'ALREADY_RESOLVED'>> {
  const resolution = { actorId: by.actor, reason, resolvedAt: deps.clock.now() };
  if (!(await insertResolution(tx, exception.id, resolution))) return refuse('ALREADY_RESOLVED');
  const line = { by, command: 'resolveOrderException', subject: exception.id, reason };
  const after = { ...exception, resolution };
  await insertAudit(tx, auditRow(deps, { ...line, before: exception, after }));
  return ok(null);
}
