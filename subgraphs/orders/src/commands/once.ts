import { ok, type Result, refuse } from '@simplebank/kernel/result';
import { findOrderByKey } from '../data/orders.ts';
import { findRequest, keepRequest, type OrderRequest } from '../data/requests.ts';
import type { Deps, Transaction } from '../deps.ts';

export type KeyReused = 'IDEMPOTENCY_KEY_REUSED';
/** What the command did now, or that it was done before. */
export type Done<T> = { readonly isRepeat: true } | { readonly isRepeat: false; readonly did: T };

/** A refusal inside the transaction takes everything back with it, the key included. */
class Refused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * Runs a command in a transaction under its idempotency key, once (domain §1). One customer uses a
 * key once, whatever the command; a refused command leaves its key free.
 */
export async function once<T, Code extends string>(
  deps: Deps,
  request: Omit<OrderRequest, 'recordedAt'>,
  run: (tx: Transaction) => Promise<Result<T, Code>>,
): Promise<Result<Done<T>, Code | KeyReused>> {
  const { customerId, idempotencyKey } = request;
  const [first, placed] = await Promise.all([
    findRequest(deps.db, customerId, idempotencyKey),
    findOrderByKey(deps.db, customerId, idempotencyKey),
  ]);
  if (placed) return refuse('IDEMPOTENCY_KEY_REUSED');
  if (first) return compare(first, request);
  try {
    return await deps.transact((tx) => attempt(tx, deps, { request, run }));
  } catch (error) {
    if (error instanceof Refused) return refuse(error.code as Code);
    throw error;
  }
}

const compare = (
  first: Pick<OrderRequest, 'requestHash'>,
  { requestHash }: Pick<OrderRequest, 'requestHash'>,
): Result<{ readonly isRepeat: true }, KeyReused> =>
  first.requestHash === requestHash ? ok({ isRepeat: true }) : refuse('IDEMPOTENCY_KEY_REUSED');

type Attempt<T, Code> = {
  readonly request: Omit<OrderRequest, 'recordedAt'>;
  readonly run: (tx: Transaction) => Promise<Result<T, Code>>;
};

async function attempt<T, Code extends string>(
  tx: Transaction,
  { clock }: Deps,
  { request, run }: Attempt<T, Code>,
): Promise<Result<Done<T>, Code | KeyReused>> {
  if (!(await keepRequest(tx, { ...request, recordedAt: clock.now() }))) {
    const winner = await findRequest(tx, request.customerId, request.idempotencyKey);
    return winner ? compare(winner, request) : refuse('IDEMPOTENCY_KEY_REUSED');
  }
  const done = await run(tx);
  if (!done.ok) throw new Refused(done.error);
  return ok({ isRepeat: false, did: done.value });
}
